import { Problem } from "../incidents/problem";

const SIZE: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 960 } };

/** @param device of enumerateDevices(); "" is the rear camera */
const wanted = (device: string): MediaStreamConstraints => ({
  audio: false,
  video: { ...SIZE, ...(device ? { deviceId: { exact: device } } : { facingMode: { ideal: "environment" } }) },
});

/** What the errors of getUserMedia mean. */
const CODES: Readonly<Record<string, Problem["code"]>> = {
  NotAllowedError: "cameraDenied",
  SecurityError: "cameraDenied",
  NotFoundError: "cameraNone",
  OverconstrainedError: "cameraNone",
  NotReadableError: "cameraBusy",
  AbortError: "cameraBusy",
};

/** Shows a given camera, else the rear one, in the video element. Throws a Problem that says what to do. */
export async function open(video: HTMLVideoElement, device = ""): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Problem("cameraInsecure");
  }
  let stream: MediaStream;
  try {
    const chosen = device && (await navigator.mediaDevices.getUserMedia(wanted(device)).catch(() => null));
    stream = chosen || (await navigator.mediaDevices.getUserMedia(wanted(""))); // one that is gone, or does not start
  } catch (error) {
    throw explained(error);
  }
  video.srcObject = stream;
  await video.play().catch(() => undefined); // a tab in the background refuses; it plays when it is looked at
  return stream;
}

/** All cameras, once one has been allowed; none where the browser does not tell. */
export async function cameras(): Promise<MediaDeviceInfo[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  return all.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId);
}

/** Switches the camera off. */
export function close(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function explained(error: unknown): Problem {
  const name = error instanceof DOMException ? error.name : "";
  return new Problem(CODES[name] ?? "cameraFails", { cause: error });
}
