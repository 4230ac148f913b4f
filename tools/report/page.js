// What moves in the session report: colours of the map, the chosen prick, the charts, the ledger's filter, light and dark.
// Runs in the reader's browser, inlined; everything shown comes from the element #session-data. No network.
(() => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId('session-data').textContent);
  const root = document.documentElement;
  const { draw, redrawAll, element, shown, traceCharts } = sessionCharts;

  // One prick.
  const select = byId('prick');
  const strokesByNumber = new Map(data.strokes.map((stroke) => [stroke.n, stroke]));
  const ENDINGS = { done: 'done', failed: 'broken off', uncertain: 'uncertain' };

  function sentence(stroke) {
    const parts = [`${stroke.result}; estimated ${shown(stroke.estimated, 1000, 2)} µL`];
    if (stroke.truth) {
      parts.push(`in tissue ${shown(stroke.truth.dose, 1000, 2)} µL${stroke.truth.layer ? `, mostly ${stroke.truth.layer}` : ''}`);
      parts.push(`tip ${shown(stroke.truth.tip, 1000, 3)} mm from the ring, asked ${shown(stroke.askedTip, 1000, 3)}`);
      parts.push(stroke.truth.missed ? 'the skin was not pierced' : `${shown(stroke.truth.skin, 1000, 2)} mm deep in skin`);
    } else parts.push(`tip ${shown(stroke.encoderTip, 1000, 3)} mm by the encoder, asked ${shown(stroke.askedTip, 1000, 3)}`);
    parts.push(`peak force ${shown(stroke.force, 1000, 2)} N`, `took ${shown(stroke.duration, 1, 0)} ms`);
    return parts.join(' · ');
  }

  function showStroke(stroke) {
    const host = byId('stroke-charts');
    byId('prick-says').textContent = sentence(stroke);
    if (!stroke.trace) {
      const why = data.session
        ? 'The needle did not leave home in this prick.'
        : 'Nobody watched this gun from outside: no course within a prick is known.';
      draw(host, []);
      host.replaceChildren(element('p', 'note', why));
      return;
    }
    const [inAt, dosedFrom, dosedTo, outAt] = stroke.moments;
    const dosed = dosedFrom >= 0;
    const bands = [
      [inAt, dosed ? dosedFrom : outAt, 'in-skin'],
      [dosedFrom, dosedTo, 'dosing'],
      [dosed && inAt >= 0 ? dosedTo : -1, outAt, 'in-skin'],
    ];
    const bandNames = [
      ['in-skin', 'needle in skin'],
      ['dosing', 'plunger pushes'],
    ];
    const levels = stroke.askedTip === null ? [] : [{ value: stroke.askedTip / 1000, name: 'soft' }];
    const xTitle = 'ms since the needle left home';
    draw(host, traceCharts(stroke.trace, { xTitle, xUnit: 'ms', group: 'stroke', bands, bandNames, levels }));
  }

  function choose(number) {
    const stroke = strokesByNumber.get(number);
    if (!stroke) return;
    select.value = String(number);
    for (const mark of document.querySelectorAll('.mark.chosen')) mark.classList.remove('chosen');
    const mark = document.querySelector(`.mark[data-prick="${number}"]`);
    if (mark) {
      for (const other of document.querySelectorAll('#skin-map .mark[tabindex="0"]')) other.setAttribute('tabindex', '-1');
      mark.classList.add('chosen');
      mark.setAttribute('tabindex', '0');
    }
    showStroke(stroke);
  }
  const chooseNext = (by) => {
    const at = data.strokes.findIndex((stroke) => String(stroke.n) === select.value);
    const next = data.strokes[Math.min(data.strokes.length - 1, Math.max(0, at + by))];
    if (next) choose(next.n);
  };
  for (const stroke of data.strokes) select.append(new Option(`${stroke.n}, ${ENDINGS[stroke.ending]}`, String(stroke.n)));
  select.addEventListener('change', () => choose(Number(select.value)));
  byId('earlier').addEventListener('click', () => chooseNext(-1));
  byId('later').addEventListener('click', () => chooseNext(1));

  // The map.
  const map = byId('skin-map');
  const STEP_BY_KEY = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  for (const mark of map.querySelectorAll('.mark')) {
    const says = () => (byId('map-says').textContent = mark.getAttribute('aria-label'));
    mark.addEventListener('click', () => choose(Number(mark.dataset.prick)));
    mark.addEventListener('pointerenter', says);
    mark.addEventListener('focus', says);
  }
  map.addEventListener('keydown', (event) => {
    const by = STEP_BY_KEY[event.key];
    if (!by) return;
    event.preventDefault();
    chooseNext(by);
    map.querySelector('.mark.chosen')?.focus();
  });
  for (const radio of document.querySelectorAll('input[name="color"]')) {
    radio.addEventListener('change', () => map.setAttribute('class', radio.value));
    if (radio.checked) map.setAttribute('class', radio.value);
  }

  // The session: what the plant did, and what the gun measured in each prick.
  if (data.session) {
    const xTitle = 's since the first prick began';
    draw(byId('session-charts'), traceCharts(data.session, { xTitle, xUnit: 's', group: 'session', dense: true }));
  } else byId('session-charts').append(element('p', 'note', 'What the gun itself measured, prick by prick:'));
  const column = (name, scale) => data.strokes.map((stroke) => (stroke[name] === null ? null : stroke[name] / scale));
  const numbers = data.strokes.map((stroke) => stroke.n);
  const byPrick = { xTitle: 'prick', xUnit: '', xDigits: 0, group: 'gun', dots: true };
  draw(byId('gun-charts'), [
    {
      ...{ ...byPrick, title: 'What the gun measured: force', axis: 'N', unit: 'N' },
      lines: [
        { name: 'highest plunger force', color: 'line-1', digits: 2 },
        { name: 'lowest ring force', color: 'line-2', digits: 2, dash: true },
      ],
      data: [numbers, column('force', 1000), column('ring', 1000)],
    },
    {
      ...{ ...byPrick, title: 'What the gun measured: time of a prick', axis: 'ms', unit: 'ms' },
      lines: [{ name: 'needle leaves home to needle home', color: 'line-3', digits: 0 }],
      data: [numbers, column('duration', 1)],
    },
  ]);

  // The ledger.
  const rows = [...document.querySelectorAll('#ledger tbody tr')];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const filter = () => {
    const words = byId('ledger-filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    const kind = byId('ledger-kind').value;
    let count = 0;
    rows.forEach((row, at) => {
      const fits = (kind === '' || row.cells[2].textContent === kind) && words.every((word) => texts[at].includes(word));
      row.hidden = !fits;
      if (fits) count += 1;
    });
    byId('ledger-count').textContent = `${count} of ${rows.length} entries`;
  };
  byId('ledger-filter').addEventListener('input', filter);
  byId('ledger-kind').addEventListener('change', filter);

  // Light, dark, paper, width.
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  let theme = prefersDark.matches ? 'dark' : 'light';
  const dress = (name) => {
    root.dataset.theme = name;
    redrawAll();
  };
  byId('theme').addEventListener('click', () => {
    theme = theme === 'dark' ? 'light' : 'dark';
    dress(theme);
  });
  prefersDark.addEventListener('change', () => {
    theme = prefersDark.matches ? 'dark' : 'light';
    dress(theme);
  });
  addEventListener('beforeprint', () => dress('light'));
  addEventListener('afterprint', () => dress(theme));
  let widthPx = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === widthPx) return;
    widthPx = innerWidth;
    redrawAll();
  });

  root.dataset.theme = theme;
  if (!data.session) document.querySelector('.trace-note').hidden = true;
  if (data.median !== null) choose(data.median);
  redrawAll();
})();
