package dev.runnel.testkit.oracle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a replica in a folder in the {@code ltx} layout, by file names and {@link LtxOracle} alone, and restores it by
 * the simplest plan there is: newest baseline, then always the file that reaches furthest.
 */
public final class ReplicaOracle {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.ltx");

    private final Path folder;

    public ReplicaOracle(Path folder) {
        this.folder = folder;
    }

    /** A file of the replica, by its name. */
    public record Entry(int level, long minTxid, long maxTxid, Path file) {}

    /** All files, level by level in order of TXIDs. A replica that is not there yet has none. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (int level = 0; level <= 9; level++) {
            for (String name : names(folder.resolve("ltx", String.valueOf(level)))) {
                Matcher parts = NAME.matcher(name);
                if (parts.matches()) {
                    entries.add(new Entry(
                            level,
                            Long.parseUnsignedLong(parts.group(1), 16),
                            Long.parseUnsignedLong(parts.group(2), 16),
                            folder.resolve("ltx", String.valueOf(level), name)));
                }
            }
        }
        entries.sort(Comparator.comparingInt(Entry::level)
                .thenComparingLong(Entry::minTxid)
                .thenComparingLong(Entry::maxTxid));
        return entries;
    }

    /** The highest TXID in any file's name, 0 if there is none. */
    public long newestTxid() {
        return entries().stream().mapToLong(Entry::maxTxid).max().orElse(0);
    }

    /** Every TXID at which some file ends, ascending. */
    public List<Long> txids() {
        return entries().stream().map(Entry::maxTxid).sorted().distinct().toList();
    }

    /** Builds the database as of a TXID from the newest baseline at or before it and what follows. */
    public OracleImage imageAt(long txid) {
        OracleImage image = new OracleImage();
        while (image.txid() < txid) {
            long reached = image.txid();
            Entry next = entries().stream()
                    .filter(e -> e.maxTxid() <= txid && e.maxTxid() > reached)
                    .filter(e -> reached == 0 ? e.minTxid() == 1 : e.minTxid() <= reached + 1)
                    .max(Comparator.comparingLong(Entry::maxTxid).thenComparingInt(Entry::level))
                    .orElseThrow(() -> new AssertionError(
                            "no file leads from TXID " + reached + " on to " + txid + " in " + folder));
            image.apply(LtxOracle.read(next.file()), next.file().toString());
        }
        return image;
    }

    /** Reads every file, and applies the files of level 0 one by one from the first snapshot to the newest TXID. */
    public OracleImage checkAll() {
        List<Entry> entries = entries();
        entries.forEach(ReplicaOracle::checkNameAgainstContent);
        OracleImage image = new OracleImage();
        for (long newest = newestTxid(); image.txid() < newest; ) {
            long reached = image.txid();
            Entry next = entries.stream()
                    .filter(e -> e.maxTxid() > reached)
                    .filter(e -> e.minTxid() == reached + 1 || e.minTxid() == 1)
                    .min(Comparator.comparingLong(Entry::maxTxid).thenComparingInt(Entry::level))
                    .orElseThrow(() -> new AssertionError("no file leads on from TXID " + reached + " in " + folder));
            image.apply(LtxOracle.read(next.file()), next.file().toString());
        }
        return image;
    }

    private static void checkNameAgainstContent(Entry entry) {
        LtxContent content = LtxOracle.read(entry.file());
        if (content.minTxid() != entry.minTxid() || content.maxTxid() != entry.maxTxid()) {
            throw new AssertionError(entry.file() + " holds TXIDs " + content.minTxid() + " to " + content.maxTxid());
        }
    }

    private static List<String> names(Path folder) {
        String[] names = folder.toFile().list();
        return names == null ? List.of() : List.of(names);
    }
}
