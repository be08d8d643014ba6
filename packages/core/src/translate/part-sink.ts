import type { Part } from "../google/generate-content.ts";

/** Where the parts of images and documents go. */
export interface PartSink {
  text(text: string): void;
  media(part: Part): void;
  /** True where media stand between the texts; false where they follow apart, as those of a tool's result do. */
  readonly inline: boolean;
}
