package dev.runnel.testkit.storm;

/** Something that an application may do beside committing transactions. */
public enum Habit {
    CHECKPOINT_PASSIVE(0.030),
    CHECKPOINT_FULL(0.005),
    CHECKPOINT_RESTART(0.005),
    CHECKPOINT_TRUNCATE(0.005),
    RECONNECT(0.010),
    VACUUM(0.002),
    INCREMENTAL_VACUUM(0.010),
    /** A transaction that outgrows the page cache, so that its frames reach the WAL, and is rolled back. */
    SPILL_AND_ROLL_BACK(0.010),
    /** A reader that stays on its snapshot while the writer goes on. */
    LONG_READ(0.005);

    private final double chance;

    Habit(double chance) {
        this.chance = chance;
    }

    /** How likely it is after any one transaction. */
    double chance() {
        return chance;
    }
}
