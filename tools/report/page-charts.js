// How the session report draws a chart with uPlot: lines, spans of time behind them, a read-out at the cursor.
// Runs in the reader's browser, inlined before page.js, which decides what is drawn.
const sessionCharts = (() => {
  'use strict';
  const root = document.documentElement;
  const color = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  /** Scaled and with fixed digits; a dash for what is not known. */
  const shown = (value, scale, digits) => (value === null || value === undefined ? '–' : (value / scale).toFixed(digits));

  // Each chart is a description from which a uPlot is made again when width or colours change.
  const charts = new Map();
  const CHART_HEIGHT_PX = 170;
  const TALL_PX = 250;

  /** Text at the cursor, beside the title. */
  function readOut(chart, u, target) {
    const at = u.cursor.idx;
    if (at === null || at === undefined) target.textContent = '';
    else {
      const parts = chart.lines.map((line, row) => `${line.name} ${shown(u.data[row + 1][at], 1, line.digits)} ${chart.unit}`);
      target.textContent = `${shown(u.data[0][at], 1, chart.xDigits)} ${chart.xUnit}: ${parts.join(', ')}`;
    }
  }

  /** Spans of time behind the lines: [from, to, colour name]. */
  function drawBands(chart, u) {
    for (const [from, to, name] of chart.bands ?? []) {
      if (from < 0 || to < from) continue;
      const left = u.valToPos(from, 'x', true);
      u.ctx.fillStyle = color(name);
      u.ctx.fillRect(left, u.bbox.top, u.valToPos(to, 'x', true) - left, u.bbox.height);
    }
    for (const { value, name } of chart.levels ?? []) {
      const y = u.valToPos(value, 'y', true);
      u.ctx.save();
      u.ctx.strokeStyle = color(name);
      u.ctx.setLineDash([3 * devicePixelRatio, 4 * devicePixelRatio]);
      u.ctx.beginPath();
      u.ctx.moveTo(u.bbox.left, y);
      u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
      u.ctx.stroke();
      u.ctx.restore();
    }
  }

  function optionsOf(chart, width, target) {
    const axis = (label) => ({
      label,
      labelSize: 20,
      labelGap: 0,
      stroke: color('soft'),
      grid: { stroke: color('line'), width: 1 },
      ticks: { stroke: color('line'), width: 1 },
      font: '12px system-ui, sans-serif',
      labelFont: '12px system-ui, sans-serif',
    });
    return {
      width,
      height: (chart.tall ? TALL_PX : CHART_HEIGHT_PX) + (chart.xTitle ? 20 : 0),
      legend: { show: false },
      cursor: { sync: { key: chart.group }, drag: { x: true, y: false } },
      scales: { x: { time: false }, y: { dir: chart.down ? -1 : 1, ...(chart.range ? { range: chart.range } : {}) } },
      axes: [
        { ...axis(chart.xTitle), size: 30 },
        { ...axis(chart.axis), size: 50, space: 26 },
      ],
      series: [
        {},
        ...chart.lines.map((line) => ({
          label: line.name,
          stroke: color(line.color),
          width: 2,
          dash: line.dash ? [7, 4] : undefined,
          points: { show: chart.dots === true, size: 5 },
        })),
      ],
      hooks: { drawClear: [(u) => drawBands(chart, u)], setCursor: [(u) => readOut(chart, u, target)] },
    };
  }

  function headOf(chart) {
    const head = element('div', 'chart-head');
    const names = element('div');
    names.append(element('b', '', `${chart.title} `));
    for (const line of chart.lines) {
      const key = element('span', 'key', line.name);
      key.style.setProperty('--key', `var(--${line.color})`);
      if (line.dash) key.style.setProperty('--dash', 'dashed');
      names.append(key);
    }
    for (const [name, text] of chart.bandNames ?? []) {
      const key = element('span', 'key band', text);
      key.style.setProperty('--key', `var(--${name})`);
      names.append(key);
    }
    const target = element('div', 'read-out');
    head.append(names, target);
    return { head, target };
  }

  function draw(host, list) {
    for (const old of charts.get(host) ?? []) old.plot.destroy();
    host.replaceChildren();
    const made = list.map((chart) => {
      const box = element('div', 'chart');
      const { head, target } = headOf(chart);
      const canvas = element('div');
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', `${chart.title} over time`);
      box.append(head, canvas);
      host.append(box);
      return { chart, plot: new uPlot(optionsOf(chart, host.clientWidth, target), chart.data, canvas) };
    });
    charts.set(host, made);
  }
  const redrawAll = () => {
    for (const [host, made] of charts) {
      if (made.length === 0) continue;
      draw(
        host,
        made.map(({ chart }) => chart),
      );
    }
  };

  /** From 1 mm above the ring plane to below the deepest: home, further up, would flatten what matters. */
  const skinRange = (_u, _least, most) => [-1, Math.max(0.5, Math.ceil(most * 5 + 0.5) / 5)];

  const traceCharts = (trace, more) => {
    const time = { xUnit: more.xUnit, xDigits: 1, group: more.group, bands: more.bands };
    const depth = [
      { name: 'tip from the ring', color: 'line-1', digits: 3 },
      { name: 'depth in skin', color: 'line-2', digits: 3, dash: !more.dense },
    ];
    return [
      {
        ...{ ...time, title: 'Depth', axis: 'mm, down is deeper', unit: 'mm', lines: depth, down: true, tall: true },
        ...{ data: [trace.time, trace.tip, trace.skin], levels: more.levels, bandNames: more.bandNames, range: skinRange },
      },
      {
        ...{ ...time, title: 'Plunger travel', axis: 'mm', unit: 'mm', lines: [{ name: 'travel', color: 'line-3', digits: 3 }] },
        data: [trace.time, trace.travel],
      },
      {
        ...{ ...time, title: 'Force', axis: 'N', unit: 'N', xTitle: more.xTitle },
        lines: [
          { name: 'plunger', color: 'line-1', digits: 2 },
          { name: 'ring', color: 'line-2', digits: 2, dash: !more.dense },
        ],
        data: [trace.time, trace.force, trace.ring],
      },
    ];
  };

  return { draw, redrawAll, element, shown, traceCharts };
})();
