// A small chart of points for a terminal: dots in a box of so many lines, zero as a line. Not responsible for numbers beside it.

const TALL = 9;

/** Lines of text, or none without two points. `wide`: cells for the points. */
export function terminalChart(points: readonly { readonly x: number; readonly y: number }[], wide: number): string[] {
  if (points.length < 2) return [];
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const reach = Math.max(...ys.map(Math.abs)) || 1;
  const rows = Array.from({ length: TALL }, () => new Array<string>(wide).fill(' '));
  const middle = (TALL - 1) / 2;
  rows[middle]?.fill('·');
  for (const { x, y } of points) {
    const column = right === left ? 0 : Math.round(((x - left) / (right - left)) * (wide - 1));
    const row = Math.round(middle - (y / reach) * middle);
    const cells = rows[row];
    if (cells !== undefined) cells[column] = '●';
  }
  const digits = reach >= 100 ? 0 : reach >= 10 ? 1 : 2;
  const labels = [reach, 0, -reach].map((value) => value.toFixed(digits));
  const pad = Math.max(...labels.map((label) => label.length));
  const labelOf = (row: number): string => (row === 0 ? labels[0] : row === middle ? labels[1] : row === TALL - 1 ? labels[2] : '') ?? '';
  return rows.map((cells, row) => `${labelOf(row).padStart(pad)} │${cells.join('')}`);
}
