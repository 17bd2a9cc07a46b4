package dev.runnel.capture;

/** Says which pages of an image are wanted. */
@FunctionalInterface
public interface PageFilter {
    boolean includes(int page);

    /** Every page. */
    static PageFilter all() {
        return page -> true;
    }
}
