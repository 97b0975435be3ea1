/** Paths of the icons, 24 × 24, stroked. */
export const GALLERY = "M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15.5 9.5h.01";
export const OUTBOX = "M4 13v6h16v-6 M12 16V4 M7 9l5-5 5 5";
export const MENU = "M4 7h16 M4 12h16 M4 17h16";
export const CLOSE = "M6 6l12 12 M18 6L6 18";
export const HEAT = "M12 3c1 4 5 6 5 11a5 5 0 0 1-10 0c0-2 1-3 2-4 0 2 1 3 2 3 1-3-1-6 1-10z";
export const DEFECT = "M12 4l9 16H3z M12 10v4 M12 17h.01";
export const GOOD = "M5 12.5l4.5 4.5L19 7.5";
export const FRAME = "M4 9V4h5 M15 4h5v5 M20 15v5h-5 M9 20H4v-5";
export const UNSURE = "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2 M12 17.5h.01";
export const MORE = "M6 9l6 6 6-6";
export const TORCH = "M8 3h8l-1 6v11H9V9z M8 6h8 M12 12v3";
export const HISTORY = "M12 7v5l3 2 M4 12a8 8 0 1 0 2.5-5.8 M4 4v4h4";
export const LENS = "M4 8h3l2-3h6l2 3h3v11H4z M9 13a3 3 0 1 0 6 0 3 3 0 1 0-6 0";
export const CROP = "M7 3v14h14 M3 7h14v14";
