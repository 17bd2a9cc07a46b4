package dev.runnel.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.runnel.s3.ScriptedS3.Answer;
import dev.runnel.s3.ScriptedS3.Request;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.Bodies;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an upload in parts takes, however much is uploaded: the parts that are on the way, and the one that is filled. */
class S3UploadMemoryTest {
    private static final int PARTS = 40;
    private static final int CONCURRENCY = 3;

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
