// What a tick of a treatment asks for most among variables, functions and the runtime's own names, the most asked last; for pack.ts, which
// lets them keep a name. Measured: npm run bench:ticks -- --names. A name that is not there any more does no harm. First those of the runtime's
// own that a tick asks for about once: under their own name they are searched for behind all of the image's.
export const HOT: readonly string[] = [
  'setTimeout',
  'Math',
  'millis',
  'digitalRead',
  'Supervisor$fault',
  'StrokeWatch$running',
  'StrokeWatch$stepIndex',
  'Supervisor$inside',
  'Orders$plungerLook',
  'divRound',
  'Supervisor$plungerTap',
  'Readings$nowMs',
  'Supervisor$needleTap',
  'digitalWrite',
  'Course$state',
];

/**
 * What the text asks for often and a tick hardly ever, at most once in ten. Each is 3 to 4 characters a use shorter than an element of an array,
 * and costs 16 to 33 bytes of heap. Measured: npm run bench:ticks -- --names.
 */
export const RARE: readonly string[] = [
  'make$Int32Array',
  'make$Uint8Array',
  'Limits$refuse',
  'Course$dispatch',
  'Records$words',
  'Course$hold',
  'Course$trip',
  'SelfTest$fail',
  'JournalScan$lastSeq',
  'SessionLog$note',
  'StrokeWatch$result',
  'Course$work',
  'Course$programCount',
  'JournalScan$left',
  'JournalScan$sector',
  'JournalScan$firstSeq',
  'Course$primed',
  'Ledger$lostPrick',
  'Menu$asks',
  'Unlock$options',
  'Course$refusal',
  'SafeState$plunger',
  'Probing$to',
  'StrokeWatch$plungerTarget',
  'Records$crc',
  'Records$copies',
  'Calibration$words',
  'SafeState$running',
  'SafeState$phase',
  'StrokeWatch$fail',
  'Course$homed',
  'Unlock$message',
  'Calibration$usual',
  'Slots$read',
  'Ledger$lastSession',
  'SessionLog$open',
  'Dose$takenBackSteps',
  'Transfer$count',
  'Unlock$failures',
  'Menu$refused',
  'JournalScan$newest',
];

/**
 * What ticks in which something moves ask for, at least once in ten: these share the first
 * arrays, which those ticks' functions take anyway; the others have arrays of their own, so that no number needs three digits. By class.
 * Measured: by counting the names of such ticks in a simulated session; `--names` of the benchmark prints the two lists above only.
 */
const WARM_MEMBERS: Readonly<Record<string, string>> = {
  Commands: 'attended byControl keptAt keptIds lastId',
  Course: 'begun cellsAtMs heldAtMs offers program programCount state stateAtMs statusWords stopAsked worstTickMs',
  Crc32: 'add begin halves hex store text',
  Debounce: 'look',
  DeviceLink: 'beatAtMs heardAtMs hostLost line movingBudget nowMs o stopsTaken work worked',
  Dose: 'commandedNl compensationCarry compensationSteps doseCarry doseSteps lackMn nlPerMm remainingNl stepsPerMm',
  Fields: 'more what',
  Flow: 'compensationNl',
  Gun: 'board lastPrick lastState quiet raw tick tookMs',
  Homing: 'phase step2 ticks',
  Journal: 'at begin busy crc entries failure failures first halves held leave opening step words',
  JournalScan: 'headSector lastSeq nextSlot',
  JournalSectors: 'eraseNext erasedPage erasing queued toErase',
  JournalStream: 'encoded left text work',
  LampPanel: 'beepForMs down downButton downCount ok okButton okCount shownRgb turn up upButton upCount',
  Ledger: 'add apply count lastSession openPrick plus session totals',
  LineReader: 'badLines body crc crcAt dropping line next overflows ready stops summed waiting',
  Menu: 'asks chosen offer ok presses refused state up',
  Monostable: 'board kick level pin',
  Nau7802Cell: 'poll',
  Orders:
    'beepHz cells lampRgb needle needleLimitUm needleLook needleUm needleUmPerS plunger plungerLook plungerNlPerS plungerSteps power readPusher readRing stamp syringeNlPerMm trip wakeForMs',
  Outbox: 'answers closed crc dropped events idle line newest open put queue seq serial summed work',
  Priming: 'drainAtMs fromSteps peakMn phase pressesAtStart step',
  Probing: 'count mean phase restMn ringUm sinceMs step sumMn to',
  RampAxis: 'go poll set start',
  RampSense: 'code deviates glance health outside sample seeEncoder takeLook',
  Readings:
    'contact encoderUm homeErrorUm hostAsks hostLost needleCode needleFlags needleUm nowMs okCount plungerCode plungerFlags plungerSteps pressCount pusherMn pusherValid ringMn ringValid triggerHeld wheelAtMs wheelUm',
  RingStamp: 'contact debounce pullsIn',
  Screen: 'at drawn lines ready seen step',
  Screw: 'motor real',
  Session: 'status',
  SessionLog: 'noteAll open prepared sessionId stage',
  SessionWatch: 'watched',
  Slots: 'accept blankWords bytes firstSector flash halves page pageWords program programPage sectorCount tailHigh tailLow verify words',
  Spacing: 'handUmPerS lastWheelAtMs lastWheelUm pending permitAtMs permitCount permitTravelUm started takenPresses wheelAtPermitUm',
  Ssd1306: 'i2c strip',
  Stroke: 'step stepOne',
  StrokeWatch:
    'aborting beganAtMs dangers deepestTipUm doseEndMn dosedAtMs dosing encoderTipUm enter flowMn forceAboveAtMs forceLimitMn furthestSteps lagMs leastRingMn needleOut needleTo next peakMn phase phaseAtMs plungerTarget pressurised program result ringUm running short stepIndex track wheelAtUm',
  Supervisor:
    'benched contactAtMs deviations entryAtMs entryCount errorsSeen fault highWater inside insideLimitMs judgeChips judgeNeedle judgePlunger lastMs lastPlunger lateTicks needleTap plungerAtEntry plungerTap powered ringAt rodded started step strokeBound tickMs tipLimit',
  Tick: 'devices needle needleScrew needleWait plunger plungerScrew plungerWait show',
  Tmc5240: 'answered countError credible exchange framed put read taken write writeVerified',
  Treatment: 'doneCount estimatedNl idle lastEstimatedNl odd payload prick uncertainCount',
  TriggerInput: 'debounce held pressCount',
};
/** Those that are no members. */
const WARM_OTHERS =
  'ASK_NOTHING FONT LABELS LAMP_BY_STATE MESSAGE_ROWS NO_HALVES STATE_LIMIT_MS UNITS WORDS decimal digitalRead digitalWrite divRound flash hexOf incoming isInt lagForMs millis nextState parseObject pressed setTimeout sooner spread tauUs uart umOfSteps velocityOf watchdog wordOf';
export const WARM: readonly string[] = [
  ...Object.entries(WARM_MEMBERS).flatMap(([one, members]) => members.split(' ').map((member) => `${one}$${member}`)),
  ...WARM_OTHERS.split(' '),
];
