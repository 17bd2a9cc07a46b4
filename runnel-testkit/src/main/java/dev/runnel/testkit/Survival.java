package dev.runnel.testkit;

import java.util.Random;

/**
 * How much of what was pending a power loss leaves.
 *
 * @param share the part of it that survives, 0 to 1
 * @param sectorSize what the device writes in one piece, in bytes
 */
record Survival(double share, int sectorSize) {
    static Survival choose(Random random) {
        double share = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 1;
            default -> random.nextDouble();
        };
        return new Survival(share, random.nextBoolean() ? 512 : 4096);
    }

    boolean keeps(Random random) {
        return random.nextDouble() < share;
    }
}
