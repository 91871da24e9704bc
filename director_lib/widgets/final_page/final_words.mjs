// What the final page calls things.

export const VERDICTS = { approved: "approved the final cut", approved_with_notes: "approved it with notes", revision_needed: "asked for a revision" };
export const STATES = { missing: "Not its turn yet", waiting: "To review", changes: "Revision asked", approved: "Approved" };
export const STATE_ICONS = { missing: "absent", waiting: "waiting", changes: "changes", approved: "check" };

const CHECKS = {
  missing: { fine: "Every still and clip is there", title: "Missing" },
  sent_back: { fine: "Nothing is sent back", title: "Sent back" },
  undecided: { fine: "Everything is decided", title: "Undecided" },
  stale: { fine: "Nothing is out of date", title: "Out of date" },
  lint: { fine: "The spec reads well", title: "In the spec" },
};

export function checkText({ kind, count }) {
  const { fine, title } = CHECKS[kind] || { fine: kind, title: kind };
  return count ? `${title}: ${count.toLocaleString("en")}` : fine;
}

export function sizeText(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

export const TARGETS = { folder: "this server", command: "the studio’s command" };

// The sizes a page is looked at in; a desktop is shrunk to the room there is, a phone is shown as it is while it fits.
export const DEVICES = {
  desktop: { label: "Desktop", width: 1440, height: 900 },
  phone: { label: "Phone", width: 390, height: 844 },
};

const AROUND = 44;

export function fitted(device, room) {
  const { width, height } = DEVICES[device];
  if (device === "desktop") {
    const scale = Math.min(1, room.width / width) || 1;
    return { width, height: Math.max(320, Math.round(room.height / scale)), scale };
  }
  return { width, height, scale: Math.max(0.2, Math.min(1, (room.height - AROUND) / height)) };
}
