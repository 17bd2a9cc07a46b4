package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class DiskWorkTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ExecutorService lane = Executors.newFixedThreadPool(2);
    private final HealthLog health = HealthLog.of(Path.of("/app.db"), EngineListener.NONE);
    private final DiskWork work = new DiskWork(lane, health, "/app.db");
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void endLane() {
        release.countDown();
        lane.shutdownNow();
    }

    @Test
    void i46WhatATaskThrowsComesOut() {
        assertThatThrownBy(() -> work.run("failing", () -> {
                    throw new NoClassDefFoundError("made by the test");
                }))
                .isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void i45AnInterruptWaitsForTheTaskThatIsRunningBeforeAnythingIsClosed() throws InterruptedException {
        AtomicBoolean closedWhileRunning = new AtomicBoolean();
        AtomicBoolean running = new AtomicBoolean();
        AtomicReference<String> end = new AtomicReference<>("none");
        Thread actor = Thread.ofVirtual().start(() -> {
            try {
                work.run("capturing", () -> {
                    running.set(true);
                    begun.countDown();
                    release.await();
                    running.set(false);
                    return true;
                });
            } catch (InterruptedException e) {
                closedWhileRunning.set(running.get());
                end.set("interrupted");
            } catch (Exception e) {
                end.set(e.toString());
            }
        });
        begun.await();
        actor.interrupt();
        Await.until("it waits for the task", LIMIT, () -> actor.getState() == Thread.State.TIMED_WAITING);
        release.countDown();
        assertThat(actor.join(LIMIT)).isTrue();
        assertThat(end).hasValue("interrupted");
        assertThat(closedWhileRunning).isFalse();
    }

    @Test
    void i45WhileATaskOutlivesAnInterruptNothingElseTouchesItsFiles() throws InterruptedException {
        AtomicBoolean closed = new AtomicBoolean();
        Thread actor = Thread.ofPlatform().start(() -> {
            try {
                work.run("capturing", () -> {
                    begun.countDown();
                    release.await();
                    return true;
                });
            } catch (Exception e) {
                tryToClose(closed);
            }
        });
        begun.await();
        actor.interrupt();
        assertThat(actor.join(LIMIT)).isTrue();
        assertThat(closed).isFalse();
    }

    private void tryToClose(AtomicBoolean closed) {
        try {
            work.run("closing", () -> {
                closed.set(true);
                return true;
            });
        } catch (Exception e) {
            assertThat(e).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void i46ATaskThatDoesNotEndShowsInTheHealth() {
        Thread actor = Thread.ofVirtual().start(() -> {
            try {
                work.run("capturing", () -> {
                    release.await();
                    return true;
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Await.until(
                "it is said",
                LIMIT,
                () -> health.now() instanceof Health.Working(String reason, String _)
                        && reason.startsWith("capturing takes long"));
        release.countDown();
        Await.until("it ends", LIMIT, () -> !actor.isAlive());
    }
}
