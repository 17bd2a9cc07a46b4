package dev.runnel.testkit.oracle;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.TreeMap;

/** A database in memory that LTX files are applied to, one after the other; each one's proof is checked. */
public final class OracleImage {
    private final TreeMap<Integer, byte[]> pages = new TreeMap<>();
    private final TreeMap<Integer, Long> checksums = new TreeMap<>();
    private int pageSize;
    private int commit;
    private long txid;

    /** The TXID of the last file that was applied, 0 before the first. */
    public long txid() {
        return txid;
    }

    /** The size in pages. */
    public int commit() {
        return commit;
    }

    /** Applies a file that must continue from here, or be a snapshot; {@code name} is for messages. */
    public void apply(LtxContent file, String name) {
        boolean continues = file.minTxid() <= txid + 1 && file.maxTxid() > txid;
        require(txid == 0 ? file.isSnapshot() : continues, name + " does not follow TXID " + txid);
        require(txid == 0 || file.pageSize() == pageSize || file.isSnapshot(), name + " has another page size");
        if (file.isSnapshot()) {
            pages.clear();
            checksums.clear();
        }
        pageSize = file.pageSize();
        commit = file.commit();
        txid = file.maxTxid();
        pages.putAll(file.pages());
        file.pages().forEach((number, page) -> checksums.put(number, DatabaseSum.ofPage(number, page)));
        pages.tailMap(commit, false).clear();
        checksums.tailMap(commit, false).clear();
        OptionalInt missing = firstMissing();
        require(missing.isEmpty(), name + ": page " + missing.orElse(0) + " of " + commit + " is in no file");
        if (file.proof().isPresent()) {
            require(
                    file.proof().getAsLong() == checksum(),
                    name + " proves " + Long.toHexString(file.proof().getAsLong()) + ", the pages give "
                            + Long.toHexString(checksum()));
        }
    }

    /** The rolling checksum of the whole database. */
    public long checksum() {
        DatabaseSum sum = new DatabaseSum();
        checksums.forEach(sum::add);
        return sum.value();
    }

    /** Writes the database as a file. */
    public Path writeTo(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] lockPage = new byte[pageSize];
            for (int number = 1; number <= commit; number++) {
                out.write(pages.getOrDefault(number, lockPage));
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OptionalInt firstMissing() {
        int lockPage = LtxOracle.lockPage(pageSize);
        if (pages.size() == commit - (commit >= lockPage ? 1 : 0)) {
            return OptionalInt.empty();
        }
        int expected = 1;
        for (int number : pages.keySet()) {
            if (number != expected) {
                return OptionalInt.of(expected);
            }
            expected = number + 1 == lockPage ? number + 2 : number + 1;
        }
        return OptionalInt.of(expected);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
