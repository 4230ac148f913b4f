// What a tick of a treatment asks for most among variables, functions and the runtime's own names, the most asked last; for pack.ts, which
// lets them keep a name. Measured: npm run bench:ticks -- --names. A name that is not there any more does no harm. First those of the runtime's
// own that a tick asks for about once: under their own name they are searched for behind all of the image's.
export const HOT: readonly string[] = [
  'setTimeout',
  'Math',
  'digitalRead',
  'StrokeWatch$stepIndex',
  'LineReader$ready',
  'Readings$nowMs',
  'RawInputs$contact',
  'Orders$plungerLook',
  'StrokeWatch$running',
  'Supervisor$plungerTap',
  'millis',
  'Gun$nowMs',
  'Supervisor$needleTap',
  'digitalWrite',
  'Course$state',
];

/**
 * What a tick hardly ever asks for, but more than never, the most asked last: these keep names too, before all others and behind those that
 * ticks never ask for. Measured: as above.
 */
export const TEPID: readonly string[] = [
  'make$Int32Array make$Uint8Array Calibration$restore Homing$badSectors Homing$begin2 JournalSectors$reserve SessionCommands$day',
  'SessionCommands$offer Supervisor$out Supervisor$unload isHex Calibration$needle Calibration$pusher Calibration$ring',
  'Calibration$usual Calibration$wheel Limits$judge Limits$steps PanelCalls$offered compensationBoundNl Calibration$apply Screw$set',
  'Fields$intsRight Transfer$halves Limits$same Transfer$check Course$beep Fields$hex Calibration$words Fields$intCount',
  'Limits$notAbove Limits$within Orders$beepForMs Commands$board Commands$gun Course$statusWords Fields$list PanelCalls$make',
  'Transfer$begin Transfer$count Transfer$crc Transfer$filled Transfer$hex Unlock$logOut Unlock$open Calibration$depthHash',
  'Calibration$offsetUm Calibration$plunger Dose$stepsOfUm Crc32$matches JournalStream$base64 JournalStream$bytes Slots$read btoa',
  'Probing$touchMn JournalSectors$find JournalStream$words Transfer$words Fields$ints Limits$deviceMax Limits$word SelfTest$next',
  'Course$drifts Course$stepsPerMm Dose$begin Flow$rateNlPerS Flow$reckon Probing$begin flowPartMn JournalSectors$sectorAfterHead',
  'Slots$burn Limits$hard Calibration$doseHash Calibration$demo Slots$crc Dose$takenBackSteps Spacing$give StrokeWatch$givenBackSteps',
  'StrokeWatch$misses StrokeWatch$startSteps Treatment$prepare JournalSectors$freeEntries SessionLog$failed heldNl',
  'Supervisor$lateTicks Flow$lagMs Flow$partMn Ledger$forgetOpen Stroke$blocked StrokeWatch$leavesAtMs Treatment$close',
  'RingStamp$drive RingStamp$pressing RingStamp$release pwm JournalStream$seq Dose$compensationNl Commands$refusal Limits$refusal',
  'Limits$refuse Priming$begin JournalScan$firstSeq Treatment$estimatedNl Probing$to Homing$back Homing$seek JournalSectors$erasedAs',
  'Nau7802Cell$tare RampAxis$endHoming RampAxis$fence RampAxis$home Readings$cellsCode Homing$fresh JournalSectors$readySectors',
  'JournalSectors$totals Spacing$wheelAtPermitUm Supervisor$entryCount Orders$moveNeedle Spacing$permitTravelUm StrokeWatch$beganAtMs',
  'StrokeWatch$short Dose$lackMn Crc32$store Slots$program Treatment$lastEstimatedNl Treatment$lastResult Treatment$lastTipUm',
  'Slots$programPage Spacing$permitCount Dose$commandedNl Homing$withPlunger LineReader$badLines LineReader$overflows Outbox$dropped',
  'SessionLog$open Tmc5240$readSteady flowMn Outbox$put JournalSectors$sectorStates Slots$sectorCount Orders$needleUm',
  'Orders$needleUmPerS StrokeWatch$result Homing$to SelfTest$judge Course$storeCode SelfTest$step Probing$mean SelfTest$test',
  'Course$refusal Course$close Course$ended Probing$count Probing$sumMn Probing$sinceMs WORDS RampAxis$set JournalSectors$eraseNext',
  'Readings$homeErrorUm uart SelfTest$ticks DeviceLink$budget Unlock$answerHex Unlock$lockForMs Unlock$unlocked LampPanel$beepAtMs',
  'isBlank Slots$page JournalSectors$toErase Spacing$permitAtMs Slots$pageWords StrokeWatch$dosedAtMs Treatment$uncertainCount',
  'JournalSectors$erasing RampAxis$stop Flow$limitMn Ledger$grow Orders$stampMn Stroke$stepsFor Stroke$watchForce',
  'StrokeWatch$plungerTo StrokeWatch$restMn RingStamp$mode Ledger$close Ledger$lostPrick Course$hold Spacing$release',
  'Flow$compensationNl Ledger$count Journal$begin SessionLog$note SessionLog$sessionId Course$primed Screen$name Ledger$lastFault',
  'Dose$doseSteps StrokeWatch$encoderTipUm machine Course$dispatch DeviceLink$event Gun$faultSaid Ssd1306$shown Tmc5240$writeBoth',
  'SessionCommands$ask Commands$asked Commands$act Commands$conclude Commands$clean DeviceLink$line Fields$numbers Fields$read',
  'Outbox$answer Commands$laterId Dose$remainingNl Crc32$halves Dose$compensationSteps Course$tickMs RampAxis$go StrokeWatch$next',
  'LampPanel$board Debounce$look Outbox$queue DeviceLink$stopsTaken LineReader$stops LineReader$dropping LineReader$next Array',
  'parseObject UNITS Priming$fromSteps LABELS Priming$pressesAtStart StrokeWatch$doseEndMn StrokeWatch$forceAboveAtMs tauUs',
  'Spacing$started LineReader$body isInt Treatment$doneCount Dose$carried Flow$firstNlPerS StrokeWatch$pressurised',
  'TriggerInput$pressCount StrokeWatch$plungerTarget Ledger$add Journal$halves nextState Fields$more Dose$stepsPerMm Menu$asks',
  'Commands$keptTexts Commands$lastId Journal$crc Commands$byControl Fields$what StrokeWatch$enter Course$stateAtMs',
  'Tmc5240$writeVerified Course$programCount StrokeWatch$flowMn Tmc5240$read Tmc5240$write Readings$plungerSteps Priming$movedSteps',
  'Readings$plungerFlags TriggerInput$held Commands$keptIds MESSAGE_ROWS StrokeWatch$ringUm Dose$carry Dose$nlPerMm Menu$refused',
  'JournalSectors$queued Readings$needleFlags StrokeWatch$phase Journal$at Ledger$totals Course$program',
].flatMap((line) => line.split(' '));

/**
 * What ticks in which something moves ask for, by class: elements of arrays. A name that is asked for seldom and stands in the text often is
 * not among them. Measured: as above.
 */
const WARM_MEMBERS: Readonly<Record<string, string>> = {
  Calibration: 'startUpNl',
  Commands: 'attended',
  Course: 'begun cellsAtMs heldAtMs offers stopAsked worstTickMs',
  Crc32: 'begin hex sumUpTo text',
  DeviceLink: 'beatAtMs board heardAtMs hostLost moving movingBudget nowMs watch work worked',
  Dose: 'startUp',
  Gun: 'board lastPrick lastState quiet ringSwitch tick tickMs tookMs trigger',
  Homing: 'advance phase step2 ticks',
  Journal: 'busy entries failure failures first held leave opening step words',
  JournalScan: 'headSector lastSeq nextSlot',
  JournalSectors: 'erasedPage',
  JournalStream: 'left',
  LampPanel: 'beepForMs down downButton downCount ok okButton okCount shownRgb turn up upButton upCount',
  Ledger: 'apply lastSession openPrick',
  LineReader: 'crc crcAt line waiting',
  Menu: 'offer presses state',
  Monostable: 'board kick level pin',
  Nau7802Cell: 'poll',
  Orders:
    'beepHz cells lampRgb movePlunger needle needleLimitUm needleLook plunger plungerNlPerS plungerSteps power readPusher readRing stamp syringeNlPerMm trip wakeForMs',
  Outbox: 'answers closed crc events idle line newest open seq serial work',
  Priming: 'drainAtMs endSteps peakMn phase step',
  Probing: 'phase restMn ringUm step',
  RampAxis: 'poll start',
  RampSense: 'code deviates glance health outside sample seeEncoder takeLook',
  RawInputs: 'intentOpen service trigger',
  Readings:
    'contact encoderUm hostAsks hostLost needleCode needleUm okCount plungerCode pressCount pusherMn pusherValid ringMn ringValid triggerHeld wheelAtMs wheelUm',
  RingStamp: 'contact debounce pullsIn',
  Screen: 'at drawn lines ready seen step',
  Screw: 'motor real',
  Session: 'notePriming',
  SessionLog: 'prepared worked',
  SessionWatch: 'watched',
  Slots: 'accept bytes firstSector flash halves tailHigh tailLow verify words',
  Spacing: 'handUmPerS lastWheelAtMs lastWheelUm pending takenPresses',
  Ssd1306: 'i2c strip',
  Stroke: 'step stepOne',
  StrokeWatch:
    'aborting dangers deepestTipUm dosing forceLimitMn furthestSteps lagMs leastRingMn needleOut peakMn phaseAtMs program track wheelAtUm',
  Supervisor:
    'benched contactAtMs deviations entryAtMs errorsSeen fault highWater inside insideLimitMs judgeChips judgeNeedle judgePlunger lastMs lastPlunger plungerAtEntry powered ringAt rodded started step strokeBound tickMs tipLimit',
  Tick: 'needle needleScrew needleWait plunger plungerScrew plungerWait pusher ring show',
  Tmc5240: 'answered countError credible exchange framed put taken',
  Treatment: 'idle next prick turn',
  TriggerInput: 'debounce',
};
/** Those that are no members. */
const WARM_OTHERS =
  'ASK_NOTHING JSON LAMP_BY_STATE Object STATE_LIMIT_MS String columnAt divRound flash hexOf incoming lagForMs pressed sooner umOfSteps velocityOf watchdog wordOf';
export const WARM: readonly string[] = [
  ...Object.entries(WARM_MEMBERS).flatMap(([one, members]) => members.split(' ').map((member) => `${one}$${member}`)),
  ...WARM_OTHERS.split(' '),
];
