package dev.runnel.capture;

import dev.runnel.sqlite.WalPosition;

/** Where in a WAL to start. */
public sealed interface CaptureStart {
    /** After a frame that is still there: everything since is in this WAL. */
    record After(WalPosition position) implements CaptureStart {}

    /** At the first frame: nothing was backfilled since Runnel detached, so everything since is in this WAL. */
    record FirstFrame() implements CaptureStart {}

    /** At its end: what was before is found by comparing pages. */
    record Now() implements CaptureStart {}
}
