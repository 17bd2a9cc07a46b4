package dev.runnel.replica.generations;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.replica.Changes;
import dev.runnel.replica.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The WAL of one change set, made of its LTX file whenever it is asked for. */
final class ChangesWal implements Content {
    private final String name;
    private final LocalCopy file;
    private final LtxHeader header;

    /** @throws IllegalStateException if the file holds other TXIDs than the changes say, or several */
    ChangesWal(Changes changes, LocalCopy file) throws IOException {
        this.name = "change set " + changes.range();
        this.file = file;
        try (InputStream in = file.open()) {
            this.header = LtxHeader.read(name, in);
        }
        if (!header.txids().equals(changes.range()) || !header.txids().isSingle()) {
            throw new IllegalStateException("the file of " + name + " holds " + header.txids());
        }
    }

    LtxHeader header() {
        return header;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = file.open()) {
            LtxDecoder decoder = LtxDecoder.open(name, in);
            long checksum = header.proof().orElseThrow().databaseChecksum();
            WalOutput wal = new WalOutput(out, header.pageSize().bytes(), WalSalts.of(checksum));
            decoder.readTo(wal);
            wal.finish(header.commit());
        }
    }
}
