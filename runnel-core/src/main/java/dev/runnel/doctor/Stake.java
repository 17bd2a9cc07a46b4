package dev.runnel.doctor;

/** What it means for the points that can be restored. */
public enum Stake {
    /** No restorable point depends on it. */
    NOTHING("no restorable point depends on it"),
    /** Points can be restored because of what it is about, so that it must not be removed. */
    POINTS("restorable points depend on it"),
    /** Points cannot be restored because of it. */
    LOST("points cannot be restored because of it");

    private final String text;

    Stake(String text) {
        this.text = text;
    }

    /** As users see it, in words that follow a colon. */
    public String text() {
        return text;
    }
}
