package dev.runnel.cli.flags;

import java.util.Collection;
import java.util.Optional;

/** Finds the word that a mistyped one is likely to mean. */
public final class Nearest {
    private Nearest() {}

    /**
     * The known word with the fewest letters inserted, left out, replaced or swapped, as long as two thirds of the
     * word are right; the first such word if several are as near.
     */
    public static Optional<String> to(String word, Collection<String> known) {
        int limit = (word.length() + 1) / 3;
        String nearest = "";
        for (String candidate : known) {
            int distance = distance(word, candidate);
            if (distance <= limit) {
                limit = distance - 1;
                nearest = candidate;
            }
        }
        return nearest.isEmpty() ? Optional.empty() : Optional.of(nearest);
    }

    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (isSwapAt(a, i, b, j)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }

    private static boolean isSwapAt(String a, int i, String b, int j) {
        return i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
