import { close, open } from "./camera";

const PATIENCE_MS = 30_000;
const PACE_MS = 150;
const WIDTH = 640; // a code that fills a third of it is read

/**
 * Films until a QR code is in sight that is wanted; "" when none was within half a minute, or the video has left the
 * page. Throws a Problem when there is no camera.
 */
export async function scanned(video: HTMLVideoElement, wanted: (code: string) => boolean): Promise<string> {
  const { default: decode } = await import("qr/decode.js"); // needed here only
  const stream = await open(video);
  const canvas = document.createElement("canvas");
  try {
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end && video.isConnected;) {
      await new Promise((done) => setTimeout(done, PACE_MS));
      const { videoWidth: width, videoHeight: height } = video;
      if (!width) continue;
      canvas.width = WIDTH;
      canvas.height = Math.round((WIDTH * height) / width);
      const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false })!;
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const code = read(decode, context.getImageData(0, 0, canvas.width, canvas.height));
      if (code && wanted(code)) return code;
    }
    return "";
  } finally {
    close(stream);
    video.srcObject = null;
  }
}

function read(decode: (image: ImageData) => string, image: ImageData): string {
  try {
    return decode(image);
  } catch {
    return ""; // no code in sight
  }
}
