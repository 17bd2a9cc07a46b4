package dev.runnel.doctor;

import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.store.Leftover;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is at a location and is not history by its name. */
public record Names(LtxKeys ltx, GenerationKeys generations) {
    /** So many are named; the others are counted. */
    private static final int NAMED = 10;

    /** The ending of the mark of a generation with checksums of an older version. */
    private static final String OLD_MARK = ".runnel";

    private static final String LOOK_AT_THEM =
            "Check what they are. Runnel neither reads nor removes them; no other data belongs into the location of a replica.";

    /** Objects with names that neither layout has. */
    public List<Fault> foreign(ObjectStore store) throws IOException {
        List<String> named = new ArrayList<>();
        long count = 0;
        try (Stream<ObjectInfo> listing = store.list("", Optional.empty())) {
            for (ObjectInfo object : (Iterable<ObjectInfo>) listing::iterator) {
                if (!isOurs(object)) {
                    count++;
                    if (named.size() < NAMED) {
                        named.add(object.key());
                    }
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (count == 0) {
            return List.of();
        }
        Collections.sort(named);
        String others = count > named.size() ? " and " + (count - named.size()) + " more" : "";
        return List.of(Fault.of(
                Kind.FOREIGN,
                String.join(", ", named) + others,
                "neither layout has such names, so they are not part of the history",
                Stake.NOTHING,
                LOOK_AT_THEM));
    }

    private boolean isOurs(ObjectInfo object) {
        String key = object.key();
        boolean isOldMark = key.startsWith(generations.root()) && key.endsWith(OLD_MARK);
        return ltx.isFile(key) || ltx.takeover(object).isPresent() || generations.isFile(key) || isOldMark;
    }

    /** What uploads that were cut short have left. */
    public static List<Fault> leftovers(List<Leftover> leftovers) {
        return leftovers.stream().map(Names::fault).toList();
    }

    private static Fault fault(Leftover leftover) {
        String text = "an upload that was cut short has left it, of " + leftover.time();
        return leftover.isOurs()
                ? new Fault(
                        Kind.LEFTOVER,
                        leftover.name(),
                        text,
                        Stake.NOTHING,
                        "\"runnel replicate\" removes it when it starts, and so does -repair.",
                        List.of(leftover.name()))
                : Fault.of(
                        Kind.LEFTOVER,
                        leftover.name(),
                        text + ", and another program began it",
                        Stake.NOTHING,
                        "Delete it, once no other program writes there.");
    }
}
