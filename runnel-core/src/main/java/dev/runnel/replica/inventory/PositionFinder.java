package dev.runnel.replica.inventory;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out how far a history is whole. Costs a listing, and one read for each object that the newest state needs and that
 * this process has neither written nor read before: so an object that was lost or cut short while no process followed is
 * found at the start, and one that is lost later by its absence or its size. Where very many have to be read, the newest
 * are read at once and the rest is left to {@link ContentChecks#run}.
 */
public final class PositionFinder {
    /** An object of the newest TXID is read whole up to this size, because its proof is what all that follows is measured by. */
    private static final long NEWEST_OBJECT = 16L << 20;

    /** Objects that are read at once; more would keep a start waiting. */
    private static final int READ_AT_ONCE = 256;

    /** Objects beyond the first hole that are read to find the highest TXID. */
    private static final int READ_BEYOND = 16;

    private final Inventory inventory;
    private final ContentChecks checks;
    private final Rules rules;

    /** What differs between layouts. */
    public interface Rules {
        /** The TXID at which an object that spans several has to start, given what can be used and how far it restores. */
        Txid differenceFrom(Collection<HistoryObject> usable, Txid whole);

        /** Whether a history can begin with an object, so that nothing has to be there before it. */
        boolean mayBegin(HistoryObject object);

        /** Whether each state has a proof, so that an object without one stands for no state. */
        boolean everyStateIsProven();
    }

    public PositionFinder(Inventory inventory, ContentChecks checks, Rules rules) {
        this.inventory = inventory;
        this.checks = checks;
        this.rules = rules;
    }

    /**
     * Finds the position.
     *
     * @param listed all objects of the history
     * @param mark from before the listing
     */
    public Position find(List<HistoryObject> listed, long mark) throws IOException {
        List<HistoryObject> asTheyWere = inventory.usable(listed, mark);
        Optional<HistoryObject> top = findTop(listed, Txid.NONE);
        if (top.filter(object -> inventory.content(object) == ContentState.UNRECOGNISED)
                .isPresent()) {
            return unreadable(top.get().max());
        }
        List<HistoryObject> usable = asTheyWere.stream()
                .filter(object -> inventory.content(object).isUsable())
                .toList();
        while (true) {
            Coverage coverage = new Coverage(usable.stream()
                    .filter(object -> object.min().value() > 1 || rules.mayBegin(object))
                    .toList());
            Txid whole = coverage.furthest();
            Set<HistoryObject> unusable = findUnusable(coverage, usable, whole);
            if (unusable.isEmpty()) {
                Optional<HistoryObject> last = findTop(listed, whole);
                if (last.isPresent() && isUnreadableAfter(whole, listed)) {
                    return unreadable(last.get().max());
                }
                return new Position(
                        whole,
                        last.map(HistoryObject::max).orElse(whole),
                        rules.differenceFrom(usable, whole),
                        proof(usable, whole),
                        last.isPresent() ? last.flatMap(inventory::proof) : proof(usable, whole),
                        false);
            }
            usable =
                    usable.stream().filter(object -> !unusable.contains(object)).toList();
        }
    }

    private static Position unreadable(Txid highest) {
        return new Position(Txid.NONE, highest, new Txid(1), Optional.empty(), Optional.empty(), true);
    }

    /** Whether the first hole of a history is none: what is there cannot be read here, so nothing may take its place. */
    private boolean isUnreadableAfter(Txid whole, List<HistoryObject> listed) {
        return !whole.isNone()
                && listed.stream()
                        .filter(object -> !object.min().isAfter(whole.next())
                                && object.max().isAfter(whole))
                        .anyMatch(object -> inventory.content(object) == ContentState.UNRECOGNISED);
    }

    /** Takes in a listing of a history that is not continued, and finds its highest TXID. */
    public Txid highest(List<HistoryObject> listed, long mark) throws IOException {
        inventory.usable(listed, mark);
        return findTop(listed, Txid.NONE).map(HistoryObject::max).orElse(Txid.NONE);
    }

    /** Reads the objects that restore a state, and all that end there. */
    private Set<HistoryObject> findUnusable(Coverage coverage, List<HistoryObject> usable, Txid whole)
            throws IOException {
        List<HistoryObject> needed = new ArrayList<>(
                whole.isNone() ? List.of() : coverage.chain(whole).reversed());
        usable.stream()
                .filter(object -> object.max().equals(whole) && !needed.contains(object))
                .forEach(needed::addFirst);
        needed.removeIf(object -> inventory.content(object) != ContentState.NOT_READ);
        List<HistoryObject> now = needed.subList(0, Math.min(READ_AT_ONCE, needed.size()));
        checks.postpone(needed.subList(now.size(), needed.size()));
        Set<HistoryObject> unusable = new HashSet<>();
        for (HistoryObject object : now) {
            long wholeUpTo = object.max().equals(whole) ? NEWEST_OBJECT : ContentChecks.SMALL;
            if (!checks.isUsable(object, wholeUpTo)) {
                unusable.add(object);
            }
        }
        if (unusable.isEmpty() && rules.everyStateIsProven()) {
            unusable.addAll(findUnproven(usable, whole));
        }
        return unusable;
    }

    /** Where no object of the newest TXID has a proof, what ends there stands for no state. */
    private List<HistoryObject> findUnproven(List<HistoryObject> usable, Txid whole) throws IOException {
        List<HistoryObject> ending =
                usable.stream().filter(object -> object.max().equals(whole)).toList();
        List<HistoryObject> unproven = new ArrayList<>();
        for (HistoryObject object : ending) {
            if (proof(ending, whole).isPresent()) {
                return List.of();
            }
            checks.isProven(object);
            if (inventory.proof(object).isEmpty()) {
                unproven.add(object);
            }
        }
        if (proof(ending, whole).isPresent()) {
            return List.of();
        }
        unproven.forEach(object -> inventory.read(object, Finding.CUT_OR_CHANGED));
        return unproven;
    }

    private Optional<Proof> proof(Collection<HistoryObject> usable, Txid whole) {
        return usable.stream()
                .filter(object -> object.max().equals(whole))
                .sorted()
                .flatMap(object -> inventory.proof(object).stream())
                .findFirst();
    }

    /**
     * The object with the highest TXID above another. A name alone says nothing: an object counts if its content confirms its
     * name, even if it is damaged otherwise, or if it cannot be read here, which is no damage.
     */
    private Optional<HistoryObject> findTop(List<HistoryObject> listed, Txid above) throws IOException {
        List<HistoryObject> beyond = listed.stream()
                .filter(object -> object.max().isAfter(above))
                .sorted(Comparator.comparing(HistoryObject::max).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
        int read = 0;
        for (HistoryObject object : beyond) {
            if (inventory.content(object) == ContentState.NOT_READ && read < READ_BEYOND && object.size() > 0) {
                read++;
                checks.isUsable(object, NEWEST_OBJECT);
            }
            if (inventory.isNamedRight(object) || inventory.content(object) == ContentState.UNRECOGNISED) {
                return Optional.of(object);
            }
        }
        return Optional.empty();
    }
}
