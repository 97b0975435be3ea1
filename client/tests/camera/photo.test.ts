import { expect, test } from "vitest";
import { jpeg } from "../../src/camera/photo";
import { IMAGE_BYTES } from "../../src/contract/generated/limits";

/** A canvas whose JPEGs have these sizes, one after the other; null: none could be made. */
function canvas(...sizes: (number | null)[]) {
  const asked: number[] = [];
  const toBlob = (done: (blob: Blob | null) => void, _type: string, quality: number) => {
    asked.push(quality);
    const size = sizes.shift() ?? null;
    done(size === null ? null : ({ size } as Blob));
  };
  return { asked, canvas: { toBlob } as unknown as HTMLCanvasElement };
}

test("a photo that is too large for the server is saved at a lower quality", async () => {
  const large = canvas(IMAGE_BYTES + 1, IMAGE_BYTES);
  expect((await jpeg(large.canvas)).size).toBe(IMAGE_BYTES);
  expect(large.asked[0]).toBeGreaterThan(large.asked[1]!);
});

test("a photo that stays too large, or of which the browser makes none, is a sentence", async () => {
  const none = canvas(null, IMAGE_BYTES + 1, null);
  await expect(jpeg(none.canvas)).rejects.toMatchObject({ code: "photoUnsaved" });
  expect(none.asked).toHaveLength(3);
});
