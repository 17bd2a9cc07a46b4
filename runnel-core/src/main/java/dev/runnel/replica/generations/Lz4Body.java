package dev.runnel.replica.generations;

import dev.runnel.replica.Content;
import dev.runnel.store.Body;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** What an object of this layout is: one LZ4 frame around a content. */
record Lz4Body(Content content) implements Body {
    @Override
    public OptionalLong length() {
        return OptionalLong.empty();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (Lz4FrameOutput frame = new Lz4FrameOutput(out)) {
            content.writeTo(frame);
            frame.finish();
        }
    }
}
