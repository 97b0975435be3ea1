import { Problem } from "../incidents/problem";

const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 960 } },
};

/** What the errors of getUserMedia mean. */
const CODES: Readonly<Record<string, Problem["code"]>> = {
  NotAllowedError: "cameraDenied",
  SecurityError: "cameraDenied",
  NotFoundError: "cameraNone",
  OverconstrainedError: "cameraNone",
  NotReadableError: "cameraBusy",
  AbortError: "cameraBusy",
};

/** Shows the rear camera in the video element. Throws a Problem that says what to do. */
export async function open(video: HTMLVideoElement): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Problem("cameraInsecure");
  }
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia(WANTED);
  } catch (error) {
    throw explained(error);
  }
  video.srcObject = stream;
  await video.play().catch(() => undefined); // a tab in the background refuses; it plays when it is looked at
  return stream;
}

/** Switches the camera off. */
export function close(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function explained(error: unknown): Problem {
  const name = error instanceof DOMException ? error.name : "";
  return new Problem(CODES[name] ?? "cameraFails", { cause: error });
}
