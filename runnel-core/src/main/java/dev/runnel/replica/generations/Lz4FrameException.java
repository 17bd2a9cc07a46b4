package dev.runnel.replica.generations;

import java.io.IOException;

/** Bytes that are not a whole LZ4 frame. The message follows the name of the file and a colon. */
final class Lz4FrameException extends IOException {
    private static final long serialVersionUID = 1L;

    Lz4FrameException(String message) {
        super(message);
    }
}
