package dev.runnel.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.s3.ScriptedS3.Answer;
import dev.runnel.s3.ScriptedS3.Request;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.Bodies;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that do not answer the request, and the ways in which services say the same thing. */
class S3AnswersTest {
    private static final PutOptions REPLACE = PutOptions.replace(Instant.parse("2023-11-14T22:13:20Z"));
    private static final PutOptions IF_ABSENT = PutOptions.onlyIfAbsent(Instant.parse("2023-11-14T22:13:20Z"));
    private static final String MODIFIED = "Wed, 21 Oct 2015 07:28:00 GMT";
    private static final Answer STORED = Answer.of(200, "").with("ETag", "\"tag\"");

    private Optional<ScriptedS3> service = Optional.empty();

    @AfterEach
    void stop() {
        service.ifPresent(ScriptedS3::stop);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html><body>starting</body></html>",
                "<ListBucketResult></ListBucketResult>",
                "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>",
                "<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>3</KeyCount></ListBucketResult>",
                "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>another/place</Key><Size>1</Size>"
                        + "<LastModified>2023-11-14T22:13:20.000Z</LastModified></Contents></ListBucketResult>",
                "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>app/0000/a</Key>"
                        + "<LastModified>2023-11-14T22:13:20.000Z</LastModified></Contents></ListBucketResult>",
                "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>app/0000/a</Key><Size>1</Size>"
                        + "</Contents></ListBucketResult>"
            })
    void i50AResponseThatIsNoListingIsNotAnEmptyReplica(String body) {
        S3Store store = store(_ -> Answer.of(200, body));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.list("0000/", Optional.empty()).toList())
                .withMessageContaining("listing 0000/");
    }

    @Test
    void i50AListingThatNamesTheSamePageAgainIsAnErrorAndNotEndless() {
        S3Store store = store(_ -> Answer.of(
                200,
                "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken>"
                        + "</ListBucketResult>"));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> store.list("", Optional.empty()).toList())
                .withMessageContaining("says that the listing continues, but not from where");
        assertThat(sent()).hasSize(2);
    }

    /** Google's XML interface and others promise encoded keys and leave the plus as it is. */
    @Test
    void i50APlusThatWasNotEncodedIsFound() throws Exception {
        S3Store store = store(
                request -> Answer.of(
                        200,
                        "<ListBucketResult>"
                                + (request.target().contains("encoding-type") ? "<EncodingType>url</EncodingType>" : "")
                                + "<IsTruncated>false</IsTruncated>" + object("team+a/0000/x") + "</ListBucketResult>"),
                Map.of(S3Option.PATH, "team+a"));
        assertThat(store.list("", Optional.empty())).extracting(ObjectInfo::key).containsExactly("0000/x");
    }

    @Test
    void aServiceThatDoesNotKnowWhereToStartIsReadFromThere() throws Exception {
        S3Store store = store(_ -> Answer.of(
                200,
                "<ListBucketResult><IsTruncated>false</IsTruncated>" + object("app/a") + object("app/b")
                        + object("app/c") + "</ListBucketResult>"));
        assertThat(store.list("", Optional.of("b"))).extracting(ObjectInfo::key).containsExactly("c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-amz-meta-litestream-timestamp",
                "X-Amz-Meta-Litestream-Timestamp",
                "X-AMZ-META-LITESTREAM-TIMESTAMP"
            })
    void i50TheTimeInTheMetadataCountsHoweverItsNameIsSpelled(String name) throws Exception {
        S3Store store = store(_ -> new Answer(
                200,
                Map.of(name, "2023-11-14T22:13:20.5Z", "Last-Modified", MODIFIED, "Content-Length", "7"),
                new byte[0],
                0));
        assertThat(store.stat("a")).contains(new ObjectInfo("a", 7, Instant.parse("2023-11-14T22:13:20.5Z")));
    }

    @Test
    void i50AHeadThatSaysNothingOfTheObjectIsAnError() {
        S3Store store = store(_ -> Answer.of(200, ""));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.stat("a"))
                .withMessageContaining("does not answer the request");
    }

    @Test
    void i50APutThatIsAnsweredByAPageIsNotStored() {
        S3Store store = store(_ -> Answer.of(200, "<html>please log in</html>"));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.put("a", Bodies.of("content"), REPLACE))
                .withMessageContaining("does not answer the request")
                .satisfies(fault -> assertThat(fault.nextStep()).contains("proxy"));
    }

    @Test
    void i50AnUploadInPartsIsDoneOnlyIfTheServiceSaysSo() {
        S3Store store = store(request -> switch (request.method()) {
            case "POST" ->
                request.target().endsWith("?uploads")
                        ? Answer.of(
                                200,
                                "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>")
                        : Answer.of(200, "");
            case "PUT" -> STORED;
            default -> Answer.of(204, "");
        });
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.put("a", Bodies.random(6L << 20, 1), REPLACE))
                .withMessageContaining("does not answer the request");
        assertThat(sent()).last().isEqualTo("DELETE /bucket/app/a?uploadId=1");
    }

    @Test
    void i50AGatewaysOwn404IsNotAnAbsentObject() {
        S3Store store = store(_ -> Answer.of(404, "<html>no such route</html>"));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.open("a", ByteRange.ALL))
                .withMessageContaining("reading a: 404");
    }

    @Test
    void i50TheWholeObjectInsteadOfItsMiddleIsAnError() {
        S3Store store = store(_ -> Answer.of(200, "0123456789"));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.open("a", new ByteRange(4, 2)))
                .withMessageContaining("the whole object");
    }

    @Test
    void i50AnotherRangeThanAskedForIsAnError() {
        S3Store store = store(_ -> Answer.of(206, "01").with("Content-Range", "bytes 0-1/10"));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.open("a", new ByteRange(4, 2)))
                .withMessageContaining("bytes 0-1/10");
    }

    @Test
    void theWholeObjectInsteadOfItsBeginningIsReadAsFarAsItWasAskedFor() throws Exception {
        S3Store store = store(_ -> Answer.of(200, "0123456789"));
        try (InputStream in = store.open("a", new ByteRange(0, 4))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("0123");
        }
    }

    /** MinIO answered so before April 2024. */
    @Test
    void aConditionThatIsAnsweredWith304IsKept() throws Exception {
        AtomicInteger puts = new AtomicInteger();
        S3Store store = store(request -> switch (request.method()) {
            case "HEAD" -> Answer.of(404, "");
            default -> puts.incrementAndGet() == 2 ? Answer.of(304, "") : STORED;
        });
        store.put("a", Bodies.of("content"), IF_ABSENT);
        store.put("b", Bodies.of("content"), IF_ABSENT);
        assertThat(sent())
                .containsExactly("HEAD /bucket/app/a", "PUT /bucket/app/a", "PUT /bucket/app/a", "PUT /bucket/app/b");
    }

    @ParameterizedTest
    @CsvSource({"400, NotImplemented", "400, InvalidRequest", "501, NotImplemented", "405, MethodNotAllowed", "404, ''"
    })
    void aServiceWithoutBulkDeletionIsAskedOneByOneFromThenOn(int status, String code) throws Exception {
        S3Store store =
                store(request -> request.method().equals("POST") ? Answer.error(status, code) : Answer.of(204, ""));
        store.delete(List.of("a", "b"));
        store.delete(List.of("c"));
        assertThat(sent())
                .containsExactly(
                        "POST /bucket?delete", "DELETE /bucket/app/a", "DELETE /bucket/app/b", "DELETE /bucket/app/c");
    }

    @Test
    void ofObjectsThatAreDeletedOneByOneThoseThatSurviveAreNamedAndTheOthersAreGone() {
        S3Store store = store(request -> switch (request.toString()) {
            case "POST /bucket?delete" -> Answer.error(501, "NotImplemented");
            case "DELETE /bucket/app/b" -> Answer.error(403, "AccessDenied");
            case "DELETE /bucket/app/c" -> Answer.error(404, "NoSuchKey");
            default -> Answer.of(204, "");
        });
        assertThatExceptionOfType(StoreException.AccessDenied.class)
                .isThrownBy(() -> store.delete(List.of("a", "b", "c", "d")))
                .withMessageContaining("access to b is denied");
        assertThat(sent()).contains("DELETE /bucket/app/a", "DELETE /bucket/app/d");
    }

    @Test
    void whatABulkDeletionFindsAbsentIsDeleted() throws Exception {
        S3Store store = store(_ -> Answer.of(
                200,
                "<DeleteResult><Error><Key>app/a</Key><Code>NoSuchKey</Code><Message>gone</Message></Error>"
                        + "</DeleteResult>"));
        store.delete(List.of("a"));
        assertThat(sent()).containsExactly("POST /bucket?delete");
    }

    @ParameterizedTest
    @CsvSource({
        "408, RequestCanceled",
        "408, RequestTimeout",
        "409, OperationAborted",
        "409, ConditionalRequestConflict",
        "429, TooManyRequests",
        "500, InternalError",
        "503, SlowDown",
        "522, ''",
        "599, ''"
    })
    void whatPassesIsTriedAgain(int status, String code) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        S3Store store = store(_ -> asked.incrementAndGet() == 1 ? Answer.error(status, code) : STORED);
        store.put("a", Bodies.of("content"), REPLACE);
        assertThat(sent()).hasSize(2);
    }

    private static String object(String key) {
        return "<Contents><Key>" + key + "</Key><Size>1</Size><LastModified>2023-11-14T22:13:20.000Z</LastModified>"
                + "</Contents>";
    }

    private S3Store store(Function<Request, Answer> script) {
        return store(script, Map.of());
    }

    private S3Store store(Function<Request, Answer> script, Map<S3Option, String> options) {
        ScriptedS3 started = ScriptedS3.start(script);
        service = Optional.of(started);
        return started.store(options);
    }

    private List<String> sent() {
        return service.orElseThrow().requests().stream().map(Request::toString).toList();
    }
}
