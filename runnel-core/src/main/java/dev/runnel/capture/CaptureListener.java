package dev.runnel.capture;

import java.io.IOException;

/** Told of everything that is captured, while the older read lock is still held. */
interface CaptureListener {
    /**
     * The WAL was reset: from here on frames are counted from the first again, and all older ones are in the database
     * file.
     */
    void walRestarted() throws IOException;

    /** A frame is about to become the newest version of its page. */
    void frame(int number, int page, byte[] data, int offset) throws IOException;

    /** A commit is captured. What it cut off is still readable until this returns. */
    void committed(int pageCount) throws IOException;
}
