// Opens what `--gauge` names. Not responsible for the forms (instrument-spec.ts) nor for reading.
import { RESOLUTION_MM } from '../../sim/instruments/depth-gauge.ts';
import type { Gauge } from './gauge.ts';
import { numberKey, parseInstrument, wrongSpec } from './instrument-spec.ts';
import type { InstrumentSpec } from './instrument-spec.ts';
import { openMitutoyo } from './mitutoyo.ts';
import type { InstrumentPlace } from './place.ts';
import { noVirtual, tcpWire } from './place.ts';
import { GAUGE_SETTINGS } from './serial-settings.ts';
import { openSerialWire } from './serial-wire.ts';
import { typedGauge } from './typed-gauge.ts';
import { passOn } from './wire.ts';

export const GAUGE_FORMS = 'write sim:mitutoyo, sim:typed, serial:/dev/ttyACM1[,9600,8N1], tcp://127.0.0.1:7003 or typed';

const KEYS = ['resolutionMm', 'unit', 'model', 'serial'];

/** Reads `--gauge`; throws MesogunError of exit 2 that shows the forms. */
export function parseGauge(text: string): InstrumentSpec {
  const spec = parseInstrument('--gauge', text, GAUGE_FORMS, KEYS);
  const unit = spec.keys.get('unit') ?? 'mm';
  if (unit !== 'mm') throw wrongSpec(spec.option, spec.text, `'${unit}' is not a unit here`, 'set the gauge to mm');
  return spec;
}

function simulated(spec: InstrumentSpec, model: string, place: InstrumentPlace): Gauge {
  if (model !== 'mitutoyo' && model !== 'typed') {
    throw wrongSpec(spec.option, spec.text, `there is no simulated '${model}'`, 'write sim:mitutoyo or sim:typed');
  }
  if (!place.virtual) throw noVirtual(spec);
  if (model === 'mitutoyo') return openMitutoyo(place.virtual.gauge(), { model: 'simulated', serial: 'SIM', fineMm: false });
  const { ask, wire } = place.virtual.typist();
  const identity = { maker: 'simulated', model: 'read by eye', serial: 'SIM', resolutionMm: RESOLUTION_MM };
  return typedGauge({ ask, identity, nowMs: () => wire.nowMs(), wait: (forMs) => passOn(wire, forMs) });
}

/** Opens it. Rejects with MesogunError: 2 for what cannot be read, 4 when there is no such port. */
export async function openGauge(text: string, place: InstrumentPlace): Promise<Gauge> {
  const spec = parseGauge(text);
  const { way } = spec;
  const model = spec.keys.get('model') ?? 'not said';
  const serial = spec.keys.get('serial') ?? 'not said';
  if (way.kind === 'sim') return simulated(spec, way.model, place);
  if (way.kind === 'typed') {
    if (!place.ask) throw wrongSpec(spec.option, spec.text, 'there is nobody to type', 'leave out --yes, or use a gauge with a cable');
    const identity = { maker: 'typed by hand', model, serial, resolutionMm: numberKey(spec, 'resolutionMm', 0.01, 0.0001, 1) };
    return typedGauge({ ask: place.ask, identity, nowMs: () => place.clock.nowMs(), wait: (forMs) => passOn(place.clock, forMs) });
  }
  const options = { model, serial, fineMm: spec.keys.has('unit'), ...(place.prompt ? { prompt: place.prompt } : {}) };
  if (way.kind === 'tcp') return openMitutoyo(await tcpWire(way.host, way.port, 'gauge'), options);
  const [usual] = GAUGE_SETTINGS;
  const settings = way.settings ?? usual;
  if (settings === undefined) throw wrongSpec(spec.option, spec.text, 'no serial settings', 'write them like 9600,8N1');
  return openMitutoyo(await openSerialWire(way.path, settings), options);
}
