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
 * What a tick hardly ever asks for, but more than never, the most asked last: these keep names too, before all others and behind those that
 * ticks never ask for. Measured: as above.
 */
export const TEPID: readonly string[] = [
  'make$Int32Array make$Uint8Array Calibration$restore Homing$badSectors Homing$begin2 JournalSectors$reserve SessionCommands$day',
  'SessionCommands$offer Supervisor$out Supervisor$unload isHex Calibration$needle Calibration$pusher Calibration$ring',
  'Calibration$usual Calibration$wheel Limits$judge Limits$steps PanelCalls$offered compensationBoundNl Calibration$apply Screw$set',
  'Fields$intsRight Transfer$halves Limits$same Transfer$check Fields$hex Calibration$words Fields$intCount Limits$notAbove Course$beep',
  'Limits$within Orders$beepForMs Commands$board Commands$gun Course$statusWords Fields$list PanelCalls$make Transfer$begin',
  'Transfer$count Transfer$crc Transfer$filled Transfer$hex Unlock$logOut Unlock$open Calibration$depthHash Calibration$offsetUm',
  'Calibration$plunger Crc32$matches JournalStream$base64 JournalStream$bytes Slots$read btoa JournalSectors$find JournalStream$words',
  'Transfer$words Fields$ints Limits$deviceMax Limits$word Dose$startUp Dose$stepsOfUm Session$notePriming Calibration$startUpNl',
  'Probing$touchMn RampAxis$stop SelfTest$next Limits$hard Slots$crc Priming$endSteps JournalStream$seq Course$drifts Course$stepsPerMm',
  'Dose$begin Flow$rateNlPerS Flow$reckon Probing$begin flowPartMn JournalSectors$sectorAfterHead Slots$burn Calibration$doseHash',
  'Calibration$demo Supervisor$lateTicks Dose$takenBackSteps Flow$limitMn Ledger$grow Orders$movePlunger Orders$stampMn Spacing$give',
  'Stroke$stepsFor Stroke$watchForce StrokeWatch$givenBackSteps StrokeWatch$misses StrokeWatch$plungerTo StrokeWatch$restMn',
  'StrokeWatch$startSteps Treatment$prepare JournalSectors$freeEntries RingStamp$mode SessionLog$failed heldNl Flow$lagMs Flow$partMn',
  'Ledger$close Ledger$forgetOpen Ledger$lostPrick Stroke$blocked StrokeWatch$leavesAtMs Treatment$close RingStamp$drive',
  'RingStamp$pressing RingStamp$release pwm JournalScan$firstSeq Dose$compensationNl Treatment$estimatedNl Probing$to Course$hold',
  'Course$primed Priming$begin Priming$movedSteps Spacing$release Homing$back Homing$seek JournalSectors$erasedAs Nau7802Cell$tare',
  'RampAxis$endHoming RampAxis$fence RampAxis$home Readings$cellsCode Homing$fresh JournalSectors$readySectors JournalSectors$totals',
  'Screen$name Dose$carried Flow$compensationNl Orders$plungerNlPerS Orders$plungerSteps Spacing$wheelAtPermitUm Supervisor$entryCount',
  'Ledger$count Orders$moveNeedle Spacing$permitTravelUm StrokeWatch$beganAtMs StrokeWatch$short Crc32$store Dose$lackMn Journal$begin',
  'Journal$failures Journal$leave Ledger$apply SessionLog$note Slots$accept Slots$program Slots$verify Treatment$lastEstimatedNl',
  'Treatment$lastResult Treatment$lastTipUm Ledger$lastSession Slots$programPage Spacing$permitCount Dose$commandedNl',
  'SessionLog$sessionId Slots$bytes Flow$firstNlPerS Homing$withPlunger SelfTest$judge Slots$words LineReader$badLines',
  'LineReader$overflows Outbox$dropped Course$storeCode SelfTest$step StrokeWatch$pressurised Dose$doseSteps RampAxis$start Screw$motor',
  'SessionLog$open StrokeWatch$encoderTipUm SessionCommands$ask Commands$asked machine SelfTest$test Commands$act Commands$conclude',
  'Course$dispatch DeviceLink$event Gun$faultSaid Ledger$lastFault Ssd1306$shown Commands$clean Fields$numbers Fields$read',
  'Outbox$answer Outbox$put Tmc5240$readSteady Tmc5240$writeBoth flowMn Commands$laterId JournalSectors$sectorStates DeviceLink$line',
  'Slots$sectorCount Dose$carry StrokeWatch$plungerTarget Ledger$add Orders$needleUm Orders$needleUmPerS StrokeWatch$result',
  'Dose$remainingNl Journal$words Slots$tailHigh Slots$tailLow Homing$to Course$tickMs Crc32$halves JournalScan$lastSeq Slots$halves',
  'TriggerInput$pressCount Dose$compensationSteps Probing$mean RampAxis$go velocityOf SelfTest$ticks Debounce$look StrokeWatch$next',
  'LampPanel$board Journal$halves Course$close Course$ended Commands$keptTexts nextState Probing$count Commands$byControl Outbox$queue',
  'Fields$more Fields$what Probing$sumMn LineReader$dropping LineReader$next parseObject Probing$sinceMs Commands$lastId',
  'Dose$stepsPerMm Journal$failure RampAxis$set Journal$crc Journal$step DeviceLink$stopsTaken LineReader$stops JournalScan$headSector',
  'JournalSectors$eraseNext DeviceLink$budget Unlock$answerHex Unlock$lockForMs Unlock$unlocked Dose$nlPerMm Readings$homeErrorUm',
  'Priming$fromSteps Menu$asks uart Commands$keptIds MESSAGE_ROWS TriggerInput$held StrokeWatch$enter LampPanel$beepAtMs Journal$held',
  'Journal$entries StrokeWatch$doseEndMn Menu$refused LineReader$body isInt StrokeWatch$forceAboveAtMs Journal$opening',
  'JournalScan$nextSlot isBlank tauUs Spacing$started Crc32$begin Journal$first Slots$page JournalSectors$toErase Spacing$permitAtMs',
  'Slots$pageWords Slots$firstSector Slots$flash flash JournalSectors$queued Course$stateAtMs Treatment$uncertainCount Ssd1306$i2c',
  'Ledger$totals Treatment$doneCount Tmc5240$writeVerified StrokeWatch$flowMn Tmc5240$read Tmc5240$write Course$programCount',
  'StrokeWatch$phase Journal$at Readings$plungerSteps Readings$plungerFlags Course$program',
].flatMap((line) => line.split(' '));

/**
 * What ticks in which something moves ask for, by class: elements of arrays. A name that is asked for seldom and stands in the text often is
 * not among them. Measured: as above.
 */
const WARM_MEMBERS: Readonly<Record<string, string>> = {
  Commands: 'attended',
  Course: 'begun cellsAtMs heldAtMs offers stopAsked worstTickMs',
  Crc32: 'hex sumUpTo text',
  DeviceLink: 'beatAtMs board heardAtMs hostLost moving movingBudget nowMs watch work worked',
  Gun: 'board lastPrick lastState nowMs quiet ringSwitch tick tickMs tookMs trigger',
  Homing: 'advance phase step2 ticks',
  Journal: 'busy',
  JournalSectors: 'erasedPage erasing',
  JournalStream: 'left',
  LampPanel: 'beepForMs down downButton downCount ok okButton okCount shownRgb turn up upButton upCount',
  Ledger: 'openPrick',
  LineReader: 'crc crcAt line ready waiting',
  Menu: 'offer presses state',
  Monostable: 'board kick level pin',
  Nau7802Cell: 'poll',
  Orders: 'beepHz cells lampRgb needle needleLimitUm needleLook plunger power readPusher readRing stamp syringeNlPerMm trip wakeForMs',
  Outbox: 'answers closed crc events idle line newest open seq serial work',
  Priming: 'drainAtMs peakMn phase pressesAtStart step',
  Probing: 'phase restMn ringUm step',
  RampAxis: 'poll',
  RampSense: 'code deviates glance health outside sample seeEncoder takeLook',
  RawInputs: 'contact intentOpen service trigger',
  Readings:
    'contact encoderUm hostAsks hostLost needleCode needleFlags needleUm okCount plungerCode pressCount pusherMn pusherValid ringMn ringValid triggerHeld wheelAtMs wheelUm',
  RingStamp: 'contact debounce pullsIn',
  Screen: 'at drawn lines ready seen step',
  Screw: 'real',
  SessionLog: 'prepared worked',
  SessionWatch: 'watched',
  Spacing: 'handUmPerS lastWheelAtMs lastWheelUm pending takenPresses',
  Ssd1306: 'strip',
  Stroke: 'step stepOne',
  StrokeWatch:
    'aborting dangers deepestTipUm dosedAtMs dosing forceLimitMn furthestSteps lagMs leastRingMn needleOut peakMn phaseAtMs program ringUm track wheelAtUm',
  Supervisor:
    'benched contactAtMs deviations entryAtMs errorsSeen highWater insideLimitMs judgeChips judgeNeedle judgePlunger lastMs lastPlunger plungerAtEntry powered ringAt rodded started step strokeBound tickMs tipLimit',
  Tick: 'needle needleScrew needleWait plunger plungerScrew plungerWait pusher ring show',
  Tmc5240: 'answered countError credible exchange framed put taken',
  Treatment: 'idle next prick turn',
  TriggerInput: 'debounce',
};
/** Those that are no members. */
const WARM_OTHERS =
  'ASK_NOTHING LABELS LAMP_BY_STATE STATE_LIMIT_MS String UNITS WORDS columnAt hexOf incoming lagForMs pressed sooner umOfSteps watchdog wordOf';
export const WARM: readonly string[] = [
  ...Object.entries(WARM_MEMBERS).flatMap(([one, members]) => members.split(' ').map((member) => `${one}$${member}`)),
  ...WARM_OTHERS.split(' '),
];
