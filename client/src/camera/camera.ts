import { Problem } from "../incidents/problem";

const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 960 } },
};

/** Shows the rear camera in the video element. Throws a Problem that says what to do. */
export async function open(video: HTMLVideoElement): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Problem(
      "The browser keeps the camera closed",
      "It gives the camera to https pages only. Open the https address that the server printed, or pick a photo.",
    );
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
  const cause = { cause: error };
  if (name === "NotAllowedError" || name === "SecurityError") {
    return new Problem(
      "WeldSpot may not use the camera",
      "Allow the camera for this page (the lock beside the address, or the phone's settings), then tap Try again. Photos from the gallery work without it.",
      cause,
    );
  }
  if (name === "NotFoundError" || name === "OverconstrainedError") {
    return new Problem("No camera found", "Connect one and tap Try again, or pick a photo from the gallery.", cause);
  }
  if (name === "NotReadableError" || name === "AbortError") {
    return new Problem("The camera is busy", "Close the other app that uses it, then tap Try again.", cause);
  }
  return new Problem("The camera does not start", "Tap Try again, or pick a photo from the gallery.", cause);
}
