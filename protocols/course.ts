// A course of sessions: how many, on which days, and what keeps its effect up. Dates are calendar days without a clock or a
// zone: text in, text out. Not responsible for what a session does. Desk side.
import type { Course } from './schema.ts';

const DAY_MS = 86_400_000;

export interface CourseDay {
  /** 1 for the first session. */
  readonly session: number;
  /** Days after the first session. */
  readonly day: number;
  readonly kind: 'session' | 'maintenance';
}

/** Sessions of all phases together, maintenance left out. */
export const sessionsOf = (course: Course | undefined): number =>
  course === undefined ? 1 : course.phases.reduce((sum, phase) => sum + phase.sessions, 0);

/** Every session with its day, and the first two maintenance sessions. */
export function courseDays(course: Course): CourseDay[] {
  const days: CourseDay[] = [];
  let day = 0;
  for (const phase of course.phases) {
    for (let i = 0; i < phase.sessions; i++) {
      if (days.length > 0) day += phase.everyDays;
      days.push({ session: days.length + 1, day, kind: 'session' });
    }
  }
  for (let i = 0; i < 2 && course.maintenance !== undefined; i++) {
    day += course.maintenance.everyDays;
    days.push({ session: days.length + 1, day, kind: 'maintenance' });
  }
  return days;
}

/** `2026-12-01` so many days later; null when the text is no day of the calendar. */
export function dayAfter(start: string, days: number): string | null {
  const atMs = /^\d{4}-\d{2}-\d{2}$/.test(start) ? Date.parse(`${start}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== start) return null;
  return new Date(atMs + days * DAY_MS).toISOString().slice(0, 10);
}

/** A course in words. */
export function courseText(course: Course): string {
  const parts = course.phases.map(({ sessions, everyDays }, index) => {
    const rhythm = sessions === 1 && index === 0 ? '' : `, ${everyDays} days ${sessions === 1 ? 'later' : 'apart'}`;
    return `${sessions} session${sessions === 1 ? '' : 's'}${rhythm}`;
  });
  const after = course.maintenance === undefined ? '' : `; maintenance every ${course.maintenance.everyDays} days`;
  return `${parts.join(', then ')}${after}`;
}
