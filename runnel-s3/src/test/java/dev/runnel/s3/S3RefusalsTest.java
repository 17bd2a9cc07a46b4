package dev.runnel.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.s3.ScriptedS3.Answer;
import dev.runnel.store.ByteRange;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.Bodies;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Every operation with every refusal that a service documents, and what the operator reads. A HEAD has no body, so for
 * {@code stat} only the status counts.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class S3RefusalsTest {
    private static final PutOptions REPLACE = PutOptions.replace(Instant.parse("2023-11-14T22:13:20Z"));

    /**
     * A documented refusal.
     *
     * @param services that document it
     * @param advice a part of what the operator is told to do
     */
    private record Refusal(String services, int status, String code, String message, String advice) {}

    private static final List<Refusal> REFUSALS = List.of(
            of("all", 403, "AccessDenied", "Access Denied", "read, write and delete"),
            of("all", 403, "InvalidAccessKeyId", "unknown", "access-key-id"),
            of("all", 403, "SignatureDoesNotMatch", "differs", "secret-access-key"),
            of("all", 403, "RequestTimeTooSkewed", "too large", "clock"),
            of("all", 404, "NoSuchBucket", "none", "Create the bucket"),
            of("all", 400, "EntityTooLarge", "too large", "part-size"),
            of("all", 501, "NotImplemented", "no", "does not support"),
            of("all", 405, "MethodNotAllowed", "no", "does not support"),
            of("S3", 403, "InvalidObjectState", "archived", "archive tier"),
            of("S3", 403, "AllAccessDisabled", "disabled", "account"),
            of("S3", 403, "AccountProblem", "unpaid", "account"),
            of("S3", 403, "AccessDenied", "not authorized to perform: kms:GenerateDataKey", "sse-kms-key-id"),
            of("S3", 400, "KMS.DisabledException", "disabled", "sse-kms-key-id"),
            of("S3", 400, "ExpiredToken", "expired", "renew them"),
            of("S3", 400, "InvalidToken", "malformed", "renew them"),
            of("S3", 400, "AuthorizationHeaderMalformed", "expecting eu-west-1", "region"),
            of("S3", 400, "InvalidStorageClass", "no", "storage-class"),
            of("S3", 400, "KeyTooLongError", "1025", "path"),
            of("S3", 400, "XAmzContentSHA256Mismatch", "differs", "proxy"),
            of("R2", 401, "Unauthorized", "token", "access-key-id"),
            of("R2", 400, "InvalidRegionName", "use auto", "region"),
            of("B2", 403, "AccessDenied", "Transaction cap exceeded, see the Caps & Alerts page", "cap"),
            of("B2", 401, "UnauthorizedAccess", "key", "access-key-id"),
            of("GCS", 403, "UserProjectMissing", "requester pays", "account"),
            of("GCS", 403, "RetentionPolicyNotMet", "held", "object lock"),
            of("GCS", 400, "InvalidBucketName", "no", "bucket"),
            of("MinIO", 507, "XMinioStorageFull", "full", "full"),
            of("MinIO", 400, "XMinioAdminBucketQuotaExceeded", "quota", "full"),
            of("MinIO", 400, "ObjectLocked", "WORM", "object lock"),
            of("Ceph", 403, "UserSuspended", "suspended", "account"),
            of("Ceph", 403, "QuotaExceeded", "quota", "full"),
            of("Wasabi", 403, "AccountDisabled", "unpaid", "account"),
            of("Wasabi", 403, "FileImmutable", "immutable", "object lock"),
            of("Tigris", 403, "AccessDenied", "Access Denied", "read, write and delete"),
            of("Spaces", 400, "MissingContentMD5", "no", "require-content-md5"),
            of("a proxy", 407, "", "", "proxy"),
            of("a proxy", 413, "", "", "part-size"));

    /** A request that a store makes. */
    private enum Operation {
        LIST {
            @Override
            void attempt(S3Store store) throws IOException {
                store.list("0000/", Optional.empty()).close();
            }
        },
        OPEN {
            @Override
            void attempt(S3Store store) throws IOException {
                store.open("0000/a", ByteRange.ALL).close();
            }
        },
        STAT {
            @Override
            void attempt(S3Store store) throws IOException {
                assertThat(store.stat("0000/a")).isEmpty();
            }
        },
        PUT {
            @Override
            void attempt(S3Store store) throws IOException {
                store.put("0000/a", Bodies.of("content"), REPLACE);
            }
        },
        PUT_IN_PARTS {
            @Override
            void attempt(S3Store store) throws IOException {
                store.put("0000/a", Bodies.random(6L << 20, 1), REPLACE);
            }
        },
        DELETE {
            @Override
            void attempt(S3Store store) throws IOException {
                store.delete(List.of("0000/a"));
            }
        };

        abstract void attempt(S3Store store) throws IOException;
    }

    private volatile Answer answer = Answer.of(200, "");
    private Optional<ScriptedS3> service = Optional.empty();

    private static Refusal of(String services, int status, String code, String message, String advice) {
        return new Refusal(services, status, code, message, advice);
    }

    @BeforeAll
    void start() {
        service = Optional.of(ScriptedS3.start(_ -> answer));
    }

    @AfterAll
    void stop() {
        service.ifPresent(ScriptedS3::stop);
    }

    @TestFactory
    Stream<DynamicTest> aRefusalIsExplainedWhateverWasAskedFor() {
        return REFUSALS.stream()
                .flatMap(refusal -> Arrays.stream(Operation.values())
                        .filter(operation -> operation != Operation.STAT)
                        .map(operation -> DynamicTest.dynamicTest(
                                refusal.services + " " + refusal.status + " " + refusal.code + " " + operation,
                                () -> isExplained(refusal, operation))));
    }

    private void isExplained(Refusal refusal, Operation operation) {
        answer = refusal.code.isEmpty()
                ? Answer.of(refusal.status, "<html>no</html>")
                : Answer.of(
                        refusal.status,
                        "<Error><Code>" + refusal.code + "</Code><Message>" + refusal.message.replace("&", "&amp;")
                                + "</Message></Error>");
        StoreException fault = attempt(operation);
        assertThat(fault.getMessage())
                .startsWith("s3://bucket/app?endpoint=")
                .contains(String.valueOf(refusal.status), refusal.code, refusal.message)
                .doesNotContain("S3Exception", "software.amazon", "Request ID", "SDK");
        assertThat(fault.nextStep()).contains(refusal.advice).doesNotContain("again by itself");
        boolean isDenied = refusal.status == 401 || refusal.status == 403;
        assertThat(fault instanceof StoreException.AccessDenied).isEqualTo(isDenied);
    }

    @Test
    void aHeadThatIsRefusedIsAnErrorAndNotAnAbsentObject() {
        answer = Answer.of(403, "");
        assertThat(attempt(Operation.STAT))
                .isInstanceOf(StoreException.AccessDenied.class)
                .hasMessageContaining("access to 0000/a is denied");
        answer = Answer.of(400, "");
        assertThat(attempt(Operation.STAT)).isInstanceOf(StoreException.Unavailable.class);
    }

    @Test
    void withoutCredentialsTheMessageSaysWhereTheyAreLookedFor() {
        assertThat(
                        S3Advice.unanswered(
                                SdkClientException.create(
                                        "Unable to load credentials from any of the providers in the chain AwsCredentialsProviderChain(x)")))
                .contains("access-key-id", "AWS_ACCESS_KEY_ID", "role");
    }

    @Test
    void aServiceThatDoesNotListenIsSaidToBeUnreachable() {
        S3Store store = service.orElseThrow().store(Map.of(S3Option.ENDPOINT, "http://127.0.0.1:1"));
        StoreException fault = catchThrowableOfType(
                StoreException.class, () -> store.list("", Optional.empty()).close());
        assertThat(fault.nextStep()).contains("firewall");
    }

    private StoreException attempt(Operation operation) {
        S3Store store = service.orElseThrow().store(Map.of());
        StoreException fault = catchThrowableOfType(StoreException.class, () -> operation.attempt(store));
        assertThat(fault).as("the refusal").isNotNull();
        return fault;
    }
}
