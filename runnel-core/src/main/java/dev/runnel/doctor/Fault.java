package dev.runnel.doctor;

import java.util.List;

/**
 * One thing that is wrong.
 *
 * @param where the object, file or TXIDs that it is about
 * @param text what was found and what it means
 * @param stake whether a restorable point depends on it
 * @param nextStep what to do about it
 * @param removable the objects or files that a repair removes
 */
public record Fault(Kind kind, String where, String text, Stake stake, String nextStep, List<String> removable) {
    public Fault {
        removable = List.copyOf(removable);
    }

    /** One that no repair touches. */
    static Fault of(Kind kind, String where, String text, Stake stake, String nextStep) {
        return new Fault(kind, where, text, stake, nextStep, List.of());
    }
}
