// No dose without a calibration: whole guns whose stores hold none, an old one, another gun's, another syringe's, or the right one.
import { describe, expect, it } from 'vitest';
import { REFUSED_CALIBRATION } from '../../../firmware/core/faults.ts';
import { P_COMPLIANCE_NL_PER_MPA, P_DEPTH_UM, P_KIT, P_NL_PER_MM } from '../../../firmware/core/program.ts';
import { HOMING, IDLE, PRIMING } from '../../../firmware/core/states.ts';
import { RECORD_CALIBRATION } from '../../../firmware/store/record.ts';
import { kitId } from '../../../protocols/canonical.ts';
import { Rig, sum } from './rig.ts';
import { TODAY, depth, dose, storeWith } from './stores.ts';

const FEW = { pricks: 12 };

/** What the gun says to its programme; `missing` is 1 for the dose's section, 2 for the depth's. */
function asked(flashImage: Uint8Array | undefined, today: number, options: ConstructorParameters<typeof Rig>[0] = {}): number[] {
  const rig = new Rig({ set: FEW, gun: flashImage === undefined ? {} : { flashImage }, ...options });
  rig.until((gun) => {
    gun.session.day = today;
    return gun.session.state === HOMING || (gun.session.state === IDLE && gun.session.refusal[0] !== 0);
  });
  const { state, refusal } = rig.gun.session;
  return state === HOMING ? [] : [...refusal.subarray(0, 4)];
}
const KIT = kitId('1ml', '32g-4mm');

describe('a calibration is needed', () => {
  it('R33: a gun whose store holds none refuses to start: no defaults', () => {
    expect(asked(storeWith([]), TODAY)).toEqual([REFUSED_CALIBRATION, P_KIT, KIT, 3]);
    expect(asked(new Uint8Array(0), TODAY)).toEqual([REFUSED_CALIBRATION, P_KIT, KIT, 3]);
  });

  it('R33: depth alone, or dose alone, is not enough; a dry programme needs no dose', () => {
    expect(asked(storeWith([depth()]), TODAY)).toEqual([REFUSED_CALIBRATION, P_KIT, KIT, 1]);
    expect(asked(storeWith([dose()]), TODAY)).toEqual([REFUSED_CALIBRATION, P_KIT, KIT, 2]);
    expect(asked(storeWith([depth()]), TODAY, { protocol: 'reflex-dry' })).toEqual([]);
  });

  it('R33: holds to its last day and is refused the day after; what another gun wrote is none', () => {
    const store = storeWith([depth(), dose()]);
    expect(asked(store, TODAY + 80)).toEqual([]);
    expect(asked(store, TODAY + 81)).toEqual([REFUSED_CALIBRATION, P_KIT, KIT, 3]);
    expect(asked(storeWith([depth(), dose()], 77), TODAY)).toEqual([REFUSED_CALIBRATION, P_KIT, KIT, 3]);
  });

  it('R33: a section with an amplitude of 16 µm or a gain of 5000 ppm is as good as none', () => {
    const steep = { amplitudeUm: 16, phaseRad: 0 };
    expect(asked(storeWith([depth({ gainPpm: 5000 }), dose()]), TODAY)[3]).toBe(2);
    expect(asked(storeWith([depth(), dose({ period: steep })]), TODAY)[3]).toBe(1);
  });

  it('R33: refuses 5 µL with a section that was proved from 8 to 50 µL, takes it from 5 to 5 µL', () => {
    const proved = (least: number, most: number): number[] => asked(storeWith([depth(), dose({ doseRangeNl: [least, most] })]), TODAY);
    expect(proved(8000, 50_000)).toEqual([REFUSED_CALIBRATION, P_KIT, KIT, 1]);
    expect(proved(1000, 4990)).toEqual([REFUSED_CALIBRATION, P_KIT, KIT, 1]);
    expect(proved(5000, 5000)).toEqual([]);
  });

  it.each([
    ['another needle', kitId('1ml', '27g-4mm')],
    ['another syringe', kitId('3ml', '32g-4mm')],
    ['none', 0],
  ])('R33: with the section of %s only, the gun refuses', (_what, kit) => {
    expect(asked(storeWith([depth(), dose({ kit })]), TODAY)).toEqual([REFUSED_CALIBRATION, P_KIT, KIT, 1]);
  });
});

describe('a calibration in use', () => {
  const run = (image: Uint8Array): Rig => new Rig({ set: FEW, gun: { flashImage: image } });

  it('puts the volume per mm and the compliance of the record into the programme, whatever the desk wrote there', () => {
    const rig = run(storeWith([depth(), dose({ nlPerMm: 18_000, complianceUlPerKpa: 0.05 })])).untilState(PRIMING);
    expect(rig.program[P_NL_PER_MM]).toBe(17_945);
    expect(rig.gun.session.program[P_NL_PER_MM]).toBe(18_000);
    expect(rig.gun.session.program[P_COMPLIANCE_NL_PER_MPA]).toBe(50_000);
  });

  it('writes the hashes of both sections into the journal, and that nobody measured the demo ones', () => {
    const measured = run(storeWith([depth(), dose()])).untilState(PRIMING);
    expect(measured.of('SESSION')[0]).toMatchObject({ code: 0, fields: { doseCalibration: 0xd05e0001 | 0 } });
    expect(measured.of('PROBED')[0]?.fields).toMatchObject({ depthCalibration: 0xdee90001 | 0 });
    expect(new Rig({ set: FEW }).untilState(PRIMING).of('SESSION')[0]).toMatchObject({ code: 1, fields: { doseCalibration: 0 } });
  });

  it('a record that says 2 % more volume per mm gives 2 % less into the skin, and no invariant breaks', () => {
    const out = (nlPerMm: number): number => {
      const rig = run(storeWith([depth(), dose({ nlPerMm })])).finish();
      expect(rig.violations).toEqual([]);
      return sum(rig.of('RESULT').map((entry) => entry.fields['netSteps'] ?? 0));
    };
    expect(out(18_304) / out(17_945)).toBeCloseTo(17_945 / 18_304, 4);
  });

  it('an offset of 80 µm keeps every tip 80 µm back, in the truth', () => {
    const mean = (offsetUm: number): number => {
      const rig = run(storeWith([depth({ offsetUm }), dose()])).finish();
      expect(rig.violations).toEqual([]);
      const { pricks } = rig.virtual.truth;
      return sum(pricks.map((prick) => prick.tipMaxUm)) / pricks.length;
    };
    expect(mean(0) - mean(80)).toBeGreaterThan(76);
    expect(mean(0) - mean(80)).toBeLessThan(84);
  });

  it('takes back a once-a-turn error of 10 µm of the plunger, and the supervisor lets it: seed 4', () => {
    const rig = new Rig({
      set: FEW,
      seed: 4,
      gun: { flashImage: storeWith([depth(), dose({ period: { amplitudeUm: 10, phaseRad: 1 } })], 4) },
    }).finish();
    expect(rig.of('FAULT')).toEqual([]);
    expect(rig.violations).toEqual([]);
    expect(rig.of('RESULT').every((entry) => entry.code === 0)).toBe(true);
  });

  it('a start-up loss of 150 nL is pushed once, with the first dose after priming', () => {
    const moved = (startUpNl: number): number[] =>
      run(storeWith([depth(), dose({ startUpNl })]))
        .finish()
        .of('RESULT')
        .map((entry) => entry.fields['countedNl'] ?? 0);
    const without = moved(0);
    const extra = moved(150).map((nl, at) => nl - (without[at] ?? 0));
    expect(extra[0]).toBeGreaterThanOrEqual(149);
    expect(extra[0]).toBeLessThanOrEqual(151);
    expect(extra.slice(1).every((nl) => Math.abs(nl) <= 1)).toBe(true);
  });
});

describe('what the core asks and the axis does', () => {
  it('I8: no state but SERVICE and IDLE takes a record, and SERVICE only with the needle home', () => {
    const rig = new Rig({ set: FEW }).untilState(PRIMING);
    const before = rig.gun.session.calibrationWords.slice();
    expect(rig.gun.session.keep(RECORD_CALIBRATION, new Int32Array(96), 96)).not.toBe(0);
    expect(rig.gun.session.calibrationWords).toEqual(before);
    expect(rig.gun.session.program[P_DEPTH_UM]).toBeGreaterThan(0);
  });
});
