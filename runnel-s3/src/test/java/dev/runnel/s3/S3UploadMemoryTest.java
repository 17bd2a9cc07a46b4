package dev.runnel.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import dev.runnel.platform.MemoryBudget;
import dev.runnel.s3.ScriptedS3.Answer;
import dev.runnel.s3.ScriptedS3.Request;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.Bodies;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an upload in parts takes, however much is uploaded: the parts that are on the way, and the one that is filled. */
@Tag("slow")
class S3UploadMemoryTest {
    private static final int PARTS = 40;
    private static final int FEW_PARTS = 4;
    private static final int CONCURRENCY = 3;
    private static final long NOTHING_MORE_COMES = 300_000_000;

    /** Parts on the way, the one that is filled, and twice that for the first, which grows as it is filled. */
    private static final long MOST_BYTES = (CONCURRENCY + 1L + 2) * S3Settings.SMALLEST_PART;

    /** For requests and answers; all parts together are 200 MiB. */
    private static final long OTHER_BYTES = 16L << 20;

    @Test
    void theRoomOfAPartThatHasArrivedIsUsedAgain() throws Exception {
        ScriptedS3 service = ScriptedS3.start(S3UploadMemoryTest::answer);
        try {
            S3Store store = service.store(Map.of(S3Option.CONCURRENCY, String.valueOf(CONCURRENCY)));
            upload(store, 2);
            int before = service.requests().size();
            long allocated = allocated();
            upload(store, PARTS);
            assertThat(allocated() - allocated).isLessThan(MOST_BYTES + OTHER_BYTES);
            assertThat(service.requests().stream()
                            .skip(before)
                            .filter(request -> request.method().equals("PUT")))
                    .hasSize(PARTS)
                    .allSatisfy(part -> assertThat(part.body()).hasSize((int) S3Settings.SMALLEST_PART));
        } finally {
            service.stop();
        }
    }

    @Test
    void i48WithoutMemoryForMoreOnePartAfterTheOtherIsSent() throws Exception {
        MemoryBudget budget = MemoryBudget.shared();
        long taken = budget.left();
        assertThat(budget.take(taken)).isTrue();
        try {
            assertThat(mostAtATime()).isEqualTo(1);
        } finally {
            budget.giveBack(taken);
        }
    }

    @Test
    void i48PartsGiveBackWhatTheyTake() throws Exception {
        long before = MemoryBudget.shared().left();
        assertThat(mostAtATime()).isEqualTo(CONCURRENCY);
        assertThat(MemoryBudget.shared().left()).isEqualTo(before);
    }

    @Test
    void i48AnUploadThatFailsGivesBackWhatItTook() {
        long before = MemoryBudget.shared().left();
        ScriptedS3 service = ScriptedS3.start(request ->
                request.target().contains("partNumber=3") ? Answer.error(403, "AccessDenied") : answer(request));
        try {
            S3Store store = service.store(Map.of(S3Option.CONCURRENCY, String.valueOf(CONCURRENCY)));
            assertThatExceptionOfType(StoreException.class).isThrownBy(() -> upload(store, PARTS));
            assertThat(MemoryBudget.shared().left()).isEqualTo(before);
        } finally {
            service.stop();
        }
    }

    /** How many parts the service has at a time, if it answers one only when nothing more comes. */
    private static int mostAtATime() throws StoreException {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(CONCURRENCY);
        ScriptedS3 service = ScriptedS3.start(request -> {
            if (request.method().equals("PUT")) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                all.countDown();
                await(all);
                now.decrementAndGet();
            }
            return answer(request);
        });
        try {
            upload(service.store(Map.of(S3Option.CONCURRENCY, String.valueOf(CONCURRENCY))), FEW_PARTS);
            return most.get();
        } finally {
            service.stop();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            var _ = latch.await(NOTHING_MORE_COMES, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void upload(S3Store store, int parts) throws StoreException {
        byte[] chunk = new byte[1 << 20];
        new Random(1).nextBytes(chunk);
        store.put(
                "a",
                Bodies.written(out -> {
                    for (long i = 0; i < (long) parts * S3Settings.SMALLEST_PART / chunk.length; i++) {
                        out.write(chunk);
                    }
                }),
                PutOptions.replace(Instant.parse("2026-03-02T12:00:00Z")));
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
    }

    private static Answer answer(Request request) {
        return switch (request.method()) {
            case "POST" ->
                request.target().contains("uploadId")
                        ? Answer.of(
                                200,
                                "<CompleteMultipartUploadResult><ETag>\"all\"</ETag></CompleteMultipartUploadResult>")
                        : Answer.of(
                                200,
                                "<InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult>");
            default -> Answer.of(200, "").with("ETag", "\"tag\"");
        };
    }
}
