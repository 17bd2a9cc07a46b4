package dev.runnel.ltx;

import java.util.Optional;

/**
 * The rules on which pages a file holds and in which order, for writer, reader and index alike: ascending, within the
 * database, never the lock page, and in a snapshot all of them.
 */
final class PageOrder {
    private final LtxHeader header;
    private final int lockPage;
    private int last;

    PageOrder(LtxHeader header) {
        this.header = header;
        this.lockPage = header.pageSize().lockPage();
    }

    /** Takes the next page number, or says what is wrong with it. */
    Optional<String> accept(int number) {
        if (number > last && number <= header.commit() && number != lockPage) {
            if (!header.isSnapshot() || number == successor()) {
                last = number;
                return Optional.empty();
            }
        }
        return Optional.of(problem(number));
    }

    /** Says what is missing after the last page. */
    Optional<String> end() {
        if (!header.isSnapshot() || successor() > header.commit()) {
            return Optional.empty();
        }
        return Optional.of("a snapshot of " + header.commit() + " pages ends before page " + successor());
    }

    private long successor() {
        long next = last + 1L;
        return next == lockPage ? next + 1 : next;
    }

    private String problem(int number) {
        String page = "page " + Integer.toUnsignedString(number);
        if (number == lockPage) {
            return page + " is the lock page, which is never stored";
        }
        if (number <= 0 || number > header.commit()) {
            return page + " in a database of " + header.commit() + " pages";
        }
        if (number <= last) {
            return page + " after page " + last;
        }
        return page + " in a snapshot, where page " + successor() + " comes next";
    }
}
