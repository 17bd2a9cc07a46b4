package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listings as in {@link Listing}, how far they are whole, and where a file of several TXIDs starts. */
final class DifferenceStartTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nothing at all                                 |                                             |  0 |  1
            level 0 from its beginning, no baseline        | 0/1-1@1 0/2-2@2                             |  2 |  1
            a baseline alone                               | 9/1-7@7                                     |  7 |  8
            level 1 is empty: after the baseline           | 9/1-3@3 0/4-4@4 0/5-5@5                     |  5 |  4
            the newest baseline counts                     | 9/1-3@3 0/4-4@4 9/1-5@5 0/6-6@6             |  6 |  6
            a baseline beyond what is whole does not count | 9/1-3@3 0/4-4@4 9/1-9@9                     |  4 |  4
            level 1 goes on where it ends                  | 9/1-3@3 1/4-6@6 0/7-7@7                     |  7 |  7
            ... even if a baseline is newer                | 9/1-3@3 1/4-6@6 0/7-7@7 9/1-7@7             |  7 |  7
            level 1 beyond a hole does not count           | 9/1-3@3 1/4-6@6 1/10-12@12                  |  6 |  7
            ... so that the start is never beyond it       | 9/1-3@3 0/4-4@4 1/10-12@12                  |  4 |  4
            higher levels do not count                     | 9/1-3@3 1/4-6@6 2/4-6@6 3/4-6@6 0/7-7@7     |  7 |  7
            """)
    void differenceContinuesLevelOneOrTheNewestBaseline(String why, String listing, long whole, long start) {
        assertThat(DifferenceStart.of(Listing.of(listing == null ? "" : listing), Listing.txid("" + whole)))
                .as(why)
                .isEqualTo(Listing.txid("" + start));
    }
}
