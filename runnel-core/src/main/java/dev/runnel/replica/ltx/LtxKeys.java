package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxFileName;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.TakeoverName;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.ObjectInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Where the files of the {@code ltx} layout are at a store. The folder of a level differs from one kind of store to
 * another, so it is a value; the name in the folder is {@code <min>-<max>.ltx} everywhere, in 16 lower-case hex digits.
 *
 * @param folders the key prefix of each level, 0 to 9, ending in a slash
 * @param listedTimes which times such a store shows in a listing
 */
public record LtxKeys(List<String> folders, ListedTimes listedTimes) {
    /** The level of single change sets. */
    public static final int CHANGE_SETS = HistoryObject.CHANGE_SETS;

    /** Header, end of pages, empty index, trailer: no LTX file is shorter. */
    public static final int SHORTEST_FILE = 131;

    /** The lowest level of files that span several TXIDs. */
    public static final int MERGED = HistoryObject.COMPACTED;

    /** The level of baselines. */
    public static final int BASELINES = HistoryObject.SNAPSHOTS;

    private static final int LEVELS = 10;

    public LtxKeys {
        folders = List.copyOf(folders);
        if (folders.size() != LEVELS || !folders.stream().allMatch(folder -> folder.endsWith("/"))) {
            throw new IllegalArgumentException("one folder for each of the ten levels, found " + folders);
        }
    }

    /** The names in a folder. */
    public static LtxKeys folder() {
        return of("ltx/%d/", ListedTimes.OWN);
    }

    /**
     * The names at some kind of store.
     *
     * @param folders the key prefix of a level, as a format of its number
     */
    public static LtxKeys of(String folders, ListedTimes listedTimes) {
        return new LtxKeys(
                IntStream.range(0, LEVELS).mapToObj(folders::formatted).toList(), listedTimes);
    }

    /** The folders of all levels, where the objects are files below a folder. */
    public List<Path> below(Path root) {
        return folders.stream().map(root::resolve).toList();
    }

    /** The key prefix that all files of a level share. */
    public String folder(int level) {
        return folders.get(level);
    }

    /** The key prefix that all files of all levels share. */
    String everything() {
        String first = folders.getFirst();
        int common = folders.stream()
                .mapToInt(folder -> Arrays.mismatch(first.toCharArray(), folder.toCharArray()))
                .filter(mismatch -> mismatch >= 0)
                .min()
                .orElse(first.length());
        return first.substring(0, common);
    }

    /** The level that a key belongs to; empty if it is in the folder of none. */
    OptionalInt level(String key) {
        return IntStream.range(0, LEVELS)
                .filter(level -> key.startsWith(folder(level)))
                .findFirst();
    }

    /** The key of a file. */
    public String key(int level, TxidRange range) {
        return folder(level) + LtxFileName.of(range);
    }

    /** The key of a record that history continues with another state after a TXID. Other readers pass it over. */
    String takeover(Txid last, Takeover.Kind kind) {
        return folder(BASELINES) + TakeoverName.of(last, kind);
    }

    /** What an object records; empty if it is not such a record. */
    public Optional<Takeover> takeover(ObjectInfo object) {
        String folder = folder(BASELINES);
        return object.key().startsWith(folder)
                ? TakeoverName.parse(object.key().substring(folder.length()), object)
                : Optional.empty();
    }

    /** Whether a key is that of an LTX file of this scheme. */
    public boolean isFile(String key) {
        OptionalInt level = level(key);
        return level.isPresent() && range(level.getAsInt(), key).isPresent();
    }

    /** The range that a key of a level names; empty if it is not the key of an LTX file. No TXID can follow the highest. */
    Optional<TxidRange> range(int level, String key) {
        String folder = folder(level);
        Optional<TxidRange> named =
                key.startsWith(folder) ? LtxFileName.parse(key.substring(folder.length())) : Optional.empty();
        return named.filter(range -> range.max().value() < Long.MAX_VALUE);
    }
}
