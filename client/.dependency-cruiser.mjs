/**
 * The order of the rooms in src/: what each may import, beside itself. Arrows point down only; `npm run check` says
 * which one does not. app.ts, main.ts and config.ts at the top may import all, and nothing imports them.
 */
const MAY_IMPORT = {
  review: ["ui", "reading", "storage", "contract", "incidents", "texts"],
  ui: [
    "offline",
    "history",
    "reading",
    "model",
    "outbox",
    "camera",
    "trust",
    "storage",
    "contract",
    "incidents",
    "texts",
  ],
  offline: ["outbox", "backends", "incidents"],
  history: ["storage", "incidents"],
  telemetry: ["reading", "model", "backends", "storage", "contract", "incidents"],
  reading: ["model", "camera", "storage", "contract", "texts"],
  model: ["backends", "trust", "storage", "contract", "incidents"],
  outbox: ["backends", "storage", "contract", "incidents"],
  backends: ["storage", "contract", "incidents"],
  camera: ["contract", "incidents"],
  trust: ["storage", "contract", "incidents", "texts"],
  storage: ["contract", "incidents"],
  contract: ["incidents"],
  incidents: ["texts"],
  texts: [],
};

export default {
  forbidden: [
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
    {
      name: "a-room-for-each-file",
      comment: "only app, main and config (and types without imports) lie at the top; a new room needs its line above",
      severity: "error",
      from: {
        path: "^src/",
        pathNot: `^src/((app|main|config|globals\\.d)\\.ts$|(${Object.keys(MAY_IMPORT).join("|")})/)`,
      },
      to: {},
    },
    ...Object.entries(MAY_IMPORT).map(([room, rooms]) => ({
      name: `${room}-imports-only-what-is-below`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: `^src/(${[room, ...rooms].join("|")})/` },
    })),
  ],
  options: { parser: "swc", doNotFollow: { path: "node_modules" } }, // swc sees imports of types too
};
