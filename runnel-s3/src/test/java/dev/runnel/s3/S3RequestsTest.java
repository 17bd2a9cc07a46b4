package dev.runnel.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.s3.S3Connection.Payload;
import dev.runnel.s3.ScriptedS3.Answer;
import dev.runnel.s3.ScriptedS3.Request;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.Bodies;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeParams;

/** The requests as they are sent, and what becomes of answers that are none. */
class S3RequestsTest {
    private static final PutOptions REPLACE = PutOptions.replace(Instant.parse("2023-11-14T22:13:20.120Z"));
    private static final PutOptions IF_ABSENT = PutOptions.onlyIfAbsent(Instant.parse("2023-11-14T22:13:20Z"));
    private static final Answer OK = Answer.of(200, "").with("ETag", "\"tag\"");
    private static final Answer ABSENT = Answer.of(404, "");

    private Optional<ScriptedS3> service = Optional.empty();

    @AfterEach
    void stop() {
        service.ifPresent(ScriptedS3::stop);
    }

    @Test
    void aPutIsPlain() throws Exception {
        S3Store store = store(_ -> OK);
        store.put("0000/a", Bodies.of("content"), REPLACE);

        Request put = only();
        assertThat(put).hasToString("PUT /bucket/app/0000/a");
        assertThat(put.body()).asString().isEqualTo("content");
        assertThat(put.header("content-length")).isEqualTo("7");
        assertThat(put.header("x-amz-content-sha256")).isEqualTo(sha256("content"));
        assertThat(put.header("x-amz-meta-litestream-timestamp")).isEqualTo("2023-11-14T22:13:20.12Z");
        assertThat(put.headers().keySet())
                .doesNotContain("transfer-encoding", "content-encoding", "expect", "x-amz-trailer", "if-none-match")
                .noneMatch(name -> name.contains("checksum"));
        assertThat(put.header("authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=id/")
                .doesNotContain("accept-encoding");
    }

    @Test
    void whatIsAskedForOnceIsInEveryRequestThatTakesIt() throws Exception {
        service = Optional.of(ScriptedS3.start(request -> request.method().equals("GET") ? Answer.of(206, "x") : OK));
        String key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
        S3Store store = service.get().store(Map.of(S3Option.STORAGE_CLASS, "COLD", S3Option.SSE_CUSTOMER_KEY, key));
        store.put("a", Bodies.of("content"), REPLACE);
        store.open("a", new ByteRange(0, 1)).close();
        assertThat(service.get().requests().getFirst().header("x-amz-storage-class"))
                .isEqualTo("COLD");
        assertThat(service.get().requests())
                .extracting(request -> request.header("x-amz-server-side-encryption-customer-key"))
                .containsExactly(key, key);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSignatureCoversThePayloadUnlessItIsLeftOut(boolean signed) {
        S3Clients.FixedLengthSigning signing =
                new S3Clients.FixedLengthSigning(signed ? Payload.SIGNED : Payload.UNSIGNED);
        S3AuthSchemeParams put = S3AuthSchemeParams.builder()
                .operation("PutObject")
                .region(Region.US_EAST_1)
                .build();
        assertThat(signing.resolveAuthScheme(put)).isNotEmpty().allSatisfy(option -> {
            assertThat(option.signerProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED))
                    .isEqualTo(signed);
            assertThat(option.signerProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED))
                    .isFalse();
        });
    }

    @Test
    void aServiceThatKeepsTheConditionIsAskedOnceAnObject() throws Exception {
        AtomicInteger puts = new AtomicInteger();
        S3Store store = store(request -> switch (request.method()) {
            case "HEAD" -> ABSENT;
            default -> puts.incrementAndGet() == 2 ? Answer.error(412, "PreconditionFailed") : OK;
        });
        store.put("a", Bodies.of("content"), IF_ABSENT);
        store.put("b", Bodies.of("content"), IF_ABSENT);
        assertThat(sent())
                .containsExactly("HEAD /bucket/app/a", "PUT /bucket/app/a", "PUT /bucket/app/a", "PUT /bucket/app/b");
        assertThat(service.orElseThrow().requests().getLast().header("if-none-match"))
                .isEqualTo("*");
    }

    @Test
    void whatOneReplicaFindsOutCountsForAllInTheBucket() throws Exception {
        AtomicInteger puts = new AtomicInteger();
        S3Store first = store(request -> switch (request.method()) {
            case "HEAD" -> ABSENT;
            default -> puts.incrementAndGet() == 2 ? Answer.error(412, "PreconditionFailed") : OK;
        });
        S3Store second = service.orElseThrow().store(Map.of(S3Option.PATH, "other"));
        S3Store elsewhere = service.orElseThrow().store(Map.of(S3Option.BUCKET, "else"));
        first.put("a", Bodies.of("content"), IF_ABSENT);
        int found = sent().size();
        second.put("a", Bodies.of("content"), IF_ABSENT);
        elsewhere.put("a", Bodies.of("content"), IF_ABSENT);
        assertThat(sent().subList(found, sent().size()))
                .containsExactly("PUT /bucket/other/a", "HEAD /else/app/a", "PUT /else/app/a", "PUT /else/app/a");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 501})
    void aServiceThatDoesNotIsLookedAtBeforeEachObject(int answerToCondition) throws Exception {
        S3Store store = store(request -> switch (request.method()) {
            case "HEAD" -> ABSENT;
            default ->
                request.header("if-none-match").isEmpty() || answerToCondition == 200
                        ? OK
                        : Answer.error(answerToCondition, "NotImplemented");
        });
        store.put("a", Bodies.of("content"), IF_ABSENT);
        int first = sent().size();
        store.put("b", Bodies.of("content"), IF_ABSENT);
        List<Request> second = service.orElseThrow().requests().subList(first, sent().size());
        assertThat(second).extracting(Request::toString).containsExactly("HEAD /bucket/app/b", "PUT /bucket/app/b");
        assertThat(second.getLast().header("if-none-match")).isEmpty();
    }

    @Test
    void anObjectThatIsThereIsLeftAlone() {
        S3Store store = store(_ -> OK.with("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"));
        assertThatExceptionOfType(StoreException.Exists.class)
                .isThrownBy(() -> store.put("a", Bodies.of("content"), IF_ABSENT));
        assertThat(sent()).containsExactly("HEAD /bucket/app/a");
    }

    @Test
    void aLostAnswerToOurOwnPutIsNotTakenForASecondWriter() throws Exception {
        AtomicInteger puts = new AtomicInteger();
        String tag = "\"" + HexFormat.of().formatHex(digest("MD5", "content")) + "\"";
        S3Store store = store(request -> switch (request.method()) {
            case "HEAD" ->
                puts.get() == 0 ? ABSENT : new Answer(200, Map.of("ETag", tag, "Content-Length", "7"), new byte[0], 0);
            default -> puts.incrementAndGet() == 1 ? Answer.of(500, "") : Answer.error(412, "PreconditionFailed");
        });
        assertThat(store.put("a", Bodies.of("content"), IF_ABSENT).size()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<Error><Code>SlowDown</Code></Error>", "not XML"})
    void aBusyServiceIsAskedAgainAndThenGivenUp(String body) throws Exception {
        AtomicInteger count = new AtomicInteger();
        S3Store store = store(_ -> count.incrementAndGet() < ScriptedS3.ATTEMPTS ? Answer.of(503, body) : OK);
        store.put("a", Bodies.of("content"), REPLACE);
        assertThat(sent()).hasSize(ScriptedS3.ATTEMPTS);

        count.set(-1000);
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.put("a", Bodies.of("content"), REPLACE))
                .withMessageContaining("writing a: 503");
        assertThat(sent()).hasSize(2 * ScriptedS3.ATTEMPTS);
    }

    @Test
    void aRefusalIsNotRepeated() {
        S3Store store = store(_ -> Answer.error(403, "AccessDenied"));
        assertThatExceptionOfType(StoreException.AccessDenied.class)
                .isThrownBy(() -> store.list("0000/", Optional.empty()))
                .withMessageContaining("it says");
        assertThat(sent()).hasSize(1);
    }

    @Test
    void aContentThatIsCutShortIsAnError() throws Exception {
        S3Store store = store(_ -> Answer.of(206, "half").announcing(8));
        try (InputStream in = store.open("a", new ByteRange(3, 8))) {
            assertThatExceptionOfType(StoreException.Unavailable.class)
                    .isThrownBy(in::readAllBytes)
                    .withMessageContaining("reading a");
        }
        assertThat(only().header("range")).isEqualTo("bytes=3-10");
    }

    @Test
    void aListingGoesOnWhereItWas() throws Exception {
        S3Store store = store(request -> Answer.of(
                200,
                request.target().contains("continuation-token=more")
                        ? page("<IsTruncated>false</IsTruncated>", "b%2B")
                        : page(
                                "<IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>",
                                "a")));
        try (Stream<ObjectInfo> listing = store.list("0000/", Optional.of("0000/0"))) {
            assertThat(listing).extracting(ObjectInfo::key).containsExactly("0000/a", "0000/b+");
        }
        assertThat(sent())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("GET /bucket?")
                .contains("list-type=2", "prefix=app%2F0000%2F", "start-after=app%2F0000%2F0", "encoding-type=url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<ListBucketResult><Contents>",
                "garbage",
                "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"
            })
    void aListingThatCannotBeReadIsAnErrorAndNotTheEnd(String body) {
        S3Store store = store(_ -> Answer.of(200, body));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.list("", Optional.empty()).toList());
    }

    @Test
    void aDeletionHasItsMd5AndNamesWhatSurvives() {
        S3Store store = store(_ -> Answer.of(
                200,
                "<DeleteResult><Error><Key>app/b</Key><Code>InternalError</Code>"
                        + "<Message>no</Message></Error></DeleteResult>"));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.delete(List.of("a", "b")))
                .withMessageContaining("deleting b: InternalError: no");
        Request delete = only();
        assertThat(delete).hasToString("POST /bucket?delete");
        assertThat(delete.header("content-md5"))
                .isEqualTo(Base64.getEncoder()
                        .encodeToString(digest("MD5", new String(delete.body(), StandardCharsets.UTF_8))));
    }

    @Test
    void anUploadInPartsIsTakenBackWhenAPartFails() {
        S3Store store = store(request -> switch (request.method()) {
            case "POST" ->
                Answer.of(
                        200,
                        "<InitiateMultipartUploadResult><UploadId>upload</UploadId></InitiateMultipartUploadResult>");
            case "PUT" -> request.target().contains("partNumber=2") ? Answer.error(400, "InvalidRequest") : OK;
            default -> Answer.of(204, "");
        });
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.put("a", Bodies.random(12L << 20, 1), REPLACE))
                .withMessageContaining("writing a: 400 InvalidRequest");
        assertThat(sent().getFirst()).isEqualTo("POST /bucket/app/a?uploads");
        assertThat(sent().getLast()).isEqualTo("DELETE /bucket/app/a?uploadId=upload");
        assertThat(sent()).noneMatch(request -> request.equals("POST /bucket/app/a?uploadId=upload"));
    }

    private S3Store store(Function<Request, Answer> script) {
        ScriptedS3 started = ScriptedS3.start(script);
        service = Optional.of(started);
        return started.store(Map.of());
    }

    private Request only() {
        assertThat(service.orElseThrow().requests()).hasSize(1);
        return service.orElseThrow().requests().getFirst();
    }

    private List<String> sent() {
        return service.orElseThrow().requests().stream().map(Request::toString).toList();
    }

    private static String page(String more, String name) {
        return "<ListBucketResult><EncodingType>url</EncodingType>" + more + "<Contents><Key>app/0000/" + name
                + "</Key><Size>1</Size><LastModified>2023-11-14T22:13:20.000Z</LastModified></Contents></ListBucketResult>";
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(digest("SHA-256", text));
    }

    private static byte[] digest(String algorithm, String text) {
        try {
            return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
