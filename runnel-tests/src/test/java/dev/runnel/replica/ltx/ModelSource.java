package dev.runnel.replica.ltx;

import dev.runnel.replica.Changes;
import dev.runnel.replica.DatabaseImage;

/** A database of a test that can give any change set, difference and image. */
interface ModelSource {
    long newest();

    Changes changes(long min, long max);

    byte[] file(long min, long max);

    DatabaseImage image(long txid);
}
