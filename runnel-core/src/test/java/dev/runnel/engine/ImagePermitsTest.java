package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ImagePermitsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration STALL = Duration.ofSeconds(21);
    private static final int AT_A_PLACE = 8;
    private static final int SMALL = 8192;
    private static final long LARGE = 1L << 40;
    private static final long MEMORY = 64L << 20;

    private final SimulatedClock clock = new SimulatedClock(Instant.EPOCH);
    private final ImagePermits permits = new ImagePermits(clock, MEMORY);
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> got = new CopyOnWriteArrayList<>();

    @AfterEach
    void endThreads() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            assertThat(thread.join(LIMIT)).isTrue();
        }
    }

    @Test
    void i45APlaceThatTakesNothingKeepsOnlyItsOwnShare() throws InterruptedException {
        takeAll("hung");
        ask("hung", "waits");
        permits.acquire("well", LARGE).close();
        assertThat(got).isEmpty();
    }

    @Test
    void i45EveryPlaceMayReadOneImageHoweverManyOtherPlacesTakeNothing() throws InterruptedException {
        for (int place = 0; place < 5; place++) {
            permits.acquire("hung " + place, SMALL);
            for (int i = 1; i < AT_A_PLACE && place < 3; i++) {
                permits.acquire("hung " + place, SMALL);
            }
        }
        permits.acquire("well", LARGE).close();
    }

    @Test
    void i45ThePermitOfAnImageThatDoesNotMoveLapses() throws InterruptedException {
        List<ImagePermits.Permit> held = takeAll("folders");
        ask("folders", "first");
        clock.advance(STALL);
        held.subList(1, AT_A_PLACE).forEach(ImagePermits.Permit::moved);
        Await.until("another image begins", LIMIT, () -> got.equals(List.of("first")));
        ask("folders", "second");
        held.getLast().close();
        Await.until("then the next", LIMIT, () -> got.equals(List.of("first", "second")));
    }

    @Test
    void aPermitThatHasLapsedCountsAgainWhenItsImageMoves() throws InterruptedException {
        List<ImagePermits.Permit> held = takeAll("folders");
        ask("folders", "first");
        clock.advance(STALL);
        held.subList(1, AT_A_PLACE).forEach(ImagePermits.Permit::moved);
        Await.until("another image begins", LIMIT, () -> got.equals(List.of("first")));
        held.getFirst().moved();
        held.getLast().close();
        ask("folders", "second");
        held.get(1).close();
        Await.until("only after two have ended", LIMIT, () -> got.equals(List.of("first", "second")));
    }

    @Test
    void permitsAreGivenInTheOrderOfAsking() throws InterruptedException {
        List<ImagePermits.Permit> held = takeAll("folders");
        for (int i = 0; i < AT_A_PLACE; i++) {
            ask("folders", "number " + i);
            held.get(i).close();
            int asked = i + 1;
            Await.until("number " + i + " has one", LIMIT, () -> got.size() == asked);
        }
        assertThat(got).startsWith("number 0", "number 1").hasSize(AT_A_PLACE);
    }

    /** Each takes 16 MiB, of 64. */
    @Test
    void i48LargeImagesWaitUntilThereIsMemory() throws InterruptedException {
        List<ImagePermits.Permit> held = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            held.add(permits.acquire("folders", LARGE));
        }
        ask("folders", "small");
        assertThat(got).isEmpty();
        permits.acquire("another place", LARGE).close();
        held.getFirst().close();
        Await.until("there is room", LIMIT, () -> got.equals(List.of("small")));
    }

    /** 64 MiB move, 64 MiB do not. */
    @Test
    void i48WhatDoesNotMoveKeepsNoMoreMemoryThanWhatMoves() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            permits.acquire("folders", LARGE);
        }
        clock.advance(STALL);
        for (int i = 0; i < 4; i++) {
            permits.acquire("folders", LARGE);
        }
        clock.advance(STALL);
        ask("folders", "waits");
        assertThat(got).isEmpty();
    }

    private List<ImagePermits.Permit> takeAll(String place) throws InterruptedException {
        List<ImagePermits.Permit> held = new ArrayList<>();
        for (int i = 0; i < AT_A_PLACE; i++) {
            held.add(permits.acquire(place, SMALL));
        }
        return held;
    }

    /** Waits in a thread of its own, and keeps what it gets. */
    private void ask(String place, String who) {
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                permits.acquire(place, SMALL);
                got.add(who);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        threads.add(thread);
        Await.until(
                who + " waits or is done",
                LIMIT,
                () -> thread.getState() == Thread.State.WAITING
                        || thread.getState() == Thread.State.TIMED_WAITING
                        || thread.getState() == Thread.State.TERMINATED);
    }
}
