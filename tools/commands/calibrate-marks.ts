// `mesogun calibrate list` and `mesogun calibrate mark-bad`: options only. The work is in tools/calibration-marks.ts.
import type { Command } from 'commander';
import type { Session } from '../cli.ts';
import { alignColumns } from '../table.ts';

interface Flags {
  readonly records?: string;
}
interface MarkFlags extends Flags {
  readonly why: string;
  readonly technician?: string;
  readonly port?: string;
}

const FOLDER = ['--records <dir>', 'folder of calibration records (MESOGUN_CALIBRATIONS, else reports/calibrations)'] as const;
const isJson = (self: Command): boolean => self.optsWithGlobals<{ json?: boolean }>().json === true;

function addList(calibrate: Command, { desk }: Session): void {
  calibrate
    .command('list')
    .description('calibrations that were kept: whose, when, how they came out, what became of them')
    .option(...FOLDER)
    .action(async (flags: Flags, self: Command) => {
      const { RecordStore } = await import('../calibration/record-store.ts');
      const { calibrationRows, calibrationsFolder } = await import('../calibration-marks.ts');
      const store = new RecordStore(calibrationsFolder(flags.records, desk));
      const all = store.all();
      if (isJson(self)) {
        const told = all.map(({ path, sha256, marks, record: { kind, kit, gun, madeAt, validUntilDay, technician, verdict } }) => ({
          ...{ sha256, path, kind, gun: gun.id, kit, madeAt, validUntilDay, technician, verdict },
          marks: marks.map(({ state, who, at, why }) => ({ state, who, at, why })),
        }));
        desk.out(`${JSON.stringify(told)}\n`);
      } else if (all.length === 0) desk.say(`no calibration is kept in ${store.folder}`);
      else desk.out(alignColumns(calibrationRows(all)));
    });
}

function addMarkBad(calibrate: Command, { desk }: Session): void {
  calibrate
    .command('mark-bad <record>')
    .description('a calibration that must not be used any more: it loads no more at this desk; with --port it comes off the gun')
    .requiredOption('--why <words>', 'what is wrong with it, as it is to stand in the records')
    .option('--technician <name>', 'who says so; also MESOGUN_TECHNICIAN')
    .option('--port <url>', 'the gun that keeps it: tcp://host:port or serial:PATH')
    .option(...FOLDER)
    .action(async (prefix: string, flags: MarkFlags, self: Command) => {
      const { RecordStore } = await import('../calibration/record-store.ts');
      const { calibrationsFolder, markBad, oneRecord, takeOff } = await import('../calibration-marks.ts');
      const { technicianOf } = await import('../calibrate-run.ts');
      const store = new RecordStore(calibrationsFolder(flags.records, desk));
      const found = oneRecord(store, prefix);
      const { gun, kind, kit } = found.record;
      const mark = { record: found, who: technicianOf(flags, desk), at: new Date().toISOString(), why: flags.why };
      // Marked before the gun could be reached: only the gun is left to do.
      if (flags.port === undefined || !found.bad) markBad(store, mark);
      let offTheGun: boolean | null = null;
      if (flags.port !== undefined) {
        const { kitOf } = await import('../calibration/kit.ts');
        const { openBench } = await import('../open-bench.ts');
        const bench = await openBench({ ...kitOf(kit?.syringe ?? '1ml', kit?.needle ?? '30g-13mm'), port: flags.port }, desk);
        try {
          offTheGun = await takeOff(bench.gun, found);
        } finally {
          await bench.close();
        }
      }
      const { who, at, why } = mark;
      if (isJson(self))
        desk.out(
          `${JSON.stringify({ event: 'marked', record: found.sha256, state: 'bad', kind, gun: gun.id, who, at, why, offTheGun })}\n`,
        );
      desk.say(`the ${kind} calibration ${found.sha256.slice(0, 8)} of gun ${gun.id} is marked bad: this desk uses it no more`);
      if (offTheGun === true) desk.say('the gun keeps it no more, and refuses every session that needs it');
      else if (offTheGun === false) desk.say('the gun did not keep it');
      else desk.say('the gun may still keep it: give --port to take it off; this desk lets no session begin on it');
    });
}

export function addCalibrationMarks(calibrate: Command, session: Session): void {
  addList(calibrate, session);
  addMarkBad(calibrate, session);
}
