package dev.runnel.ltx;

import java.io.IOException;
import java.io.InputStream;

/** A stream, seen through a window in which the next few bytes can be had in one piece. */
final class InputWindow {
    private static final int READ_SIZE = 32 * 1024;

    private final String source;
    private final InputStream in;
    private final byte[] bytes;
    private int position;
    private int end;
    private long consumed;

    /** @param largest how many bytes are ever needed in one piece */
    InputWindow(String source, InputStream in, long consumed, int largest) {
        this.source = source;
        this.in = in;
        this.consumed = consumed;
        this.bytes = new byte[READ_SIZE + largest];
    }

    /** Holds the window. */
    byte[] bytes() {
        return bytes;
    }

    /** Where in {@link #bytes} the next byte is. */
    int position() {
        return position;
    }

    /** Where in the stream the next byte is. */
    long offset() {
        return consumed;
    }

    /** Makes the next bytes available. */
    void require(int count, String what) throws IOException {
        if (end - position >= count) {
            return;
        }
        System.arraycopy(bytes, position, bytes, 0, end - position);
        end -= position;
        position = 0;
        while (end < count) {
            int read = in.read(bytes, end, bytes.length - end);
            if (read < 0) {
                throw LtxException.damaged(source, consumed + end, "the file ends within " + what);
            }
            end += read;
        }
    }

    /** Goes past bytes that are available. */
    void skip(int count) {
        position += count;
        consumed += count;
    }

    /** Whether the stream ends here. */
    boolean atEnd() throws IOException {
        return position == end && in.read() < 0;
    }
}
