// Opens what `--balance` names. Not responsible for the forms (instrument-spec.ts) nor for weighing.
import { USUAL_BALANCE } from '../../sim/bench.ts';
import type { BalanceSetup } from '../../sim/bench.ts';
import { TIPS } from '../../sim/plant/pendant-drop.ts';
import type { Tip } from '../../sim/plant/pendant-drop.ts';
import { PRINTED as SIMULATED_DIALECTS } from '../../sim/instruments/print-balance.ts';
import { BalanceError } from './balance.ts';
import type { Balance } from './balance.ts';
import { numberKey, parseInstrument, wrongSpec } from './instrument-spec.ts';
import type { InstrumentSpec } from './instrument-spec.ts';
import { openMtSics } from './mt-sics.ts';
import { openPrintBalance } from './print-balance.ts';
import { PRINT_DIALECTS } from './print-dialect.ts';
import type { PrintDialect } from './print-dialect.ts';
import type { InstrumentPlace } from './place.ts';
import { noVirtual, tcpWire } from './place.ts';
import { BALANCE_SETTINGS } from './serial-settings.ts';
import { probeSerial } from './serial-wire.ts';
import { typedBalance } from './typed-balance.ts';
import { passOn } from './wire.ts';
import type { InstrumentWire } from './wire.ts';

export const BALANCE_FORMS = 'write sim:mt-sics, serial:/dev/ttyUSB0[,9600,8N1], tcp://127.0.0.1:7002 or typed';
/** What it speaks where it is not MT-SICS. */
const DIALECTS = ['mt-sics', ...Object.keys(PRINT_DIALECTS)];

const KEYS = ['dialect', 'readabilityMg', 'capacityG', 'tip', 'density', 'mouthMm', 'model', 'serial'];
const MG = 1000;
/** Time for an answer while baud rates are tried. Chosen: 160 characters at 1200 baud take longer, an answer to @ does not. */
const PROBE_MS = 500;

/** Reads `--balance`; throws MesogunError of exit 2 that shows the forms. */
export const parseBalance = (text: string): InstrumentSpec => parseInstrument('--balance', text, BALANCE_FORMS, KEYS);

function tipOf(spec: InstrumentSpec): Tip {
  const text = spec.keys.get('tip') ?? USUAL_BALANCE.tip;
  const tip = TIPS.find((each) => each === text);
  if (tip === undefined)
    throw wrongSpec(spec.option, spec.text, `'${text}' is no way to hold a needle's tip`, `tip may be ${TIPS.join(', ')}`);
  return tip;
}

/** How to meet a balance of the dialect that is asked for, over any wire. Throws MesogunError of exit 2. */
function meeting(spec: InstrumentSpec, dialectName: string): (wire: InstrumentWire, greetMs?: number) => Promise<Balance> {
  const step = spec.keys.has('readabilityMg') ? { readabilityMg: numberKey(spec, 'readabilityMg', 0, 0.0001, 1000) } : {};
  if (dialectName === 'mt-sics') return (wire, greetMs) => openMtSics(wire, { ...step, ...(greetMs === undefined ? {} : { greetMs }) });
  const dialect = Object.hasOwn(PRINT_DIALECTS, dialectName) ? PRINT_DIALECTS[dialectName] : undefined;
  if (dialect === undefined)
    throw wrongSpec(spec.option, spec.text, `no dialect '${dialectName}'`, `dialect may be ${DIALECTS.join(', ')}`);
  if (!spec.keys.has('capacityG')) {
    throw wrongSpec(
      spec.option,
      spec.text,
      'a balance of this dialect does not tell its capacity',
      'add capacityG, for example ?dialect=sbi&capacityG=220',
    );
  }
  const known = {
    model: spec.keys.get('model') ?? 'not said',
    serial: spec.keys.get('serial') ?? 'not said',
    capacityMg: numberKey(spec, 'capacityG', 0, 1, 100_000) * MG,
  };
  return (wire) => openPrintBalance(wire, { ...step, ...known, dialect });
}

function simulated(spec: InstrumentSpec, model: string, place: InstrumentPlace): Promise<Balance> {
  const dialect: BalanceSetup['dialect'] | undefined = model === 'mt-sics' ? model : SIMULATED_DIALECTS.find((each) => each === model);
  if (dialect === undefined)
    throw wrongSpec(spec.option, spec.text, `there is no simulated '${model}'`, `write sim:${DIALECTS.join(', sim:')}`);
  const setup = {
    readabilityMg: numberKey(spec, 'readabilityMg', USUAL_BALANCE.readabilityMg, 0.0001, 1000),
    capacityMg: numberKey(spec, 'capacityG', USUAL_BALANCE.capacityMg / MG, 1, 100_000) * MG,
    tip: tipOf(spec),
    relativeDensity: numberKey(spec, 'density', USUAL_BALANCE.relativeDensity, 0.7, 1.5),
    mouthMm: numberKey(spec, 'mouthMm', USUAL_BALANCE.mouthMm, 0, 50),
    dialect,
  };
  if (!place.virtual) throw noVirtual(spec);
  const wire = place.virtual.balance(setup);
  if (dialect === 'mt-sics') return openMtSics(wire);
  const known = { model: `SIM${Math.round(setup.capacityMg / MG)}`, serial: 'SIM', capacityMg: setup.capacityMg };
  return openPrintBalance(wire, { ...known, dialect: PRINT_DIALECTS[dialect] as PrintDialect });
}

/**
 * Opens and identifies it. Rejects with MesogunError: 2 for what cannot be read, 4 when nobody answers (a BalanceError where a
 * balance is to blame).
 */
export async function openBalance(text: string, place: InstrumentPlace): Promise<Balance> {
  const spec = parseBalance(text);
  const { way } = spec;
  if (way.kind === 'sim') return simulated(spec, way.model, place);
  if (way.kind === 'typed') return typed(spec, place);
  const meet = meeting(spec, spec.keys.get('dialect') ?? 'mt-sics');
  if (way.kind === 'tcp') return meet(await tcpWire(way.host, way.port, 'balance'));
  const nobody = (error: unknown): boolean => error instanceof BalanceError && ['silent', 'garbled', 'refused'].includes(error.trouble);
  const settings = way.settings === null ? BALANCE_SETTINGS : [way.settings];
  return probeSerial(way.path, settings, (wire) => meet(wire, settings.length > 1 ? PROBE_MS : undefined), nobody);
}

function typed(spec: InstrumentSpec, place: InstrumentPlace): Balance {
  if (!place.ask) throw wrongSpec(spec.option, spec.text, 'there is nobody to type', 'leave out --yes, or use a balance with a cable');
  return typedBalance({
    ask: place.ask,
    readabilityMg: numberKey(spec, 'readabilityMg', 0.01, 0.0001, 1000),
    capacityMg: numberKey(spec, 'capacityG', 220, 1, 100_000) * MG,
    model: spec.keys.get('model') ?? 'not said',
    serial: spec.keys.get('serial') ?? 'not said',
    nowMs: () => place.clock.nowMs(),
    wait: (forMs) => passOn(place.clock, forMs),
  });
}
