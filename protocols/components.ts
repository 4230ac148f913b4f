// How much of each substance a session and a course give, against what the product allows. A course counts its sessions
// without maintenance. Not responsible for lots and names of makers. Desk side.
import { sessionsOf } from './course.ts';
import type { Problem } from './problems.ts';
import type { Component } from './schema.ts';
import { originOf } from './treatment.ts';
import type { Treatment } from './treatment.ts';

export interface ComponentTotal {
  readonly name: string;
  readonly unit: Component['unit'];
  readonly session: number;
  readonly maxSession: number;
  readonly course: number;
  readonly maxCourse: number;
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Totals of a session that gives `sessionUl` into skin, `areaUl` with the others that the area is split over. Empty when the product names no components. */
export function componentTotals(treatment: Treatment, sessionUl: number, areaUl = sessionUl): ComponentTotal[] {
  const sessions = sessionsOf(treatment.protocol.course);
  return (treatment.product.components ?? []).map(({ name, unit, perMl, maxSession, maxCourse }) => {
    const amount = (ul: number): number => rounded((perMl * ul) / 1000);
    return { name, unit, session: amount(sessionUl), maxSession, course: amount(areaUl * sessions), maxCourse };
  });
}

/** Errors for every substance above its most. */
export function componentProblems(treatment: Treatment, totals: readonly ComponentTotal[]): Problem[] {
  const { product, technique, protocol } = treatment;
  const pointer = originOf(protocol, 'doseUl');
  const tooMuch = (total: ComponentTotal, span: 'session' | 'course', most: number): Problem[] => {
    if (total[span] <= most) return [];
    const why = `${total.name} of product ${product.id}: ${total[span]} ${total.unit} in the ${span} (limit of the product)`;
    const nearest = Math.floor(((technique.doseUl * most) / total[span]) * 10) / 10;
    const bound = `${span} ≤ ${most} ${total.unit} of ${total.name}`;
    return [{ pointer, value: technique.doseUl, bound, why, nearest, severity: 'error' }];
  };
  return totals.flatMap((total) => [...tooMuch(total, 'session', total.maxSession), ...tooMuch(total, 'course', total.maxCourse)]);
}
