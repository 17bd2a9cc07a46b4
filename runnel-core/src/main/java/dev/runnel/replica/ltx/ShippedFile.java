package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.Proof;
import dev.runnel.replica.Changes;
import dev.runnel.store.Body;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The LTX file of a change set that is being uploaded. Its header is read on the way: bytes that belong to other TXIDs
 * than their name never reach the store, and the proof is known without reading it from the store.
 */
final class ShippedFile implements Body {
    private final Changes changes;
    private Optional<LtxHeader> header = Optional.empty();

    ShippedFile(Changes changes) {
        this.changes = changes;
    }

    @Override
    public OptionalLong length() {
        return changes.file().length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        HeaderTap tap = new HeaderTap(out);
        changes.file().writeTo(tap);
        header = Optional.of(checked(LtxHeader.parse("change set " + changes.range(), tap.start)));
    }

    /** The proof of the file, once it was written. */
    Optional<Proof> proof() {
        return header.flatMap(LtxHeader::proof);
    }

    private LtxHeader checked(LtxHeader found) {
        if (!found.txids().equals(changes.range())) {
            throw new IllegalStateException("the file of change set " + changes.range() + " holds " + found.txids());
        }
        return found;
    }

    /** Keeps the first bytes of what passes. */
    private static final class HeaderTap extends FilterOutputStream {
        private final byte[] start = new byte[LtxHeader.SIZE];
        private int kept;

        HeaderTap(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int more = Math.min(length, start.length - kept);
            System.arraycopy(bytes, offset, start, kept, more);
            kept += more;
            out.write(bytes, offset, length);
        }
    }
}
