package dev.runnel.s3;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What an operator can do about a refusal, by the error codes that Amazon documents and those that R2, B2, Google's XML API,
 * MinIO, Ceph, Wasabi, Tigris and Spaces add. Where there is no code (a HEAD has no body, a proxy has its own pages), the HTTP
 * status decides.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are made by List.of
enum S3Advice {
    CREDENTIALS(
            "Check access-key-id and secret-access-key (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY): the service does not"
                    + " accept them.",
            List.of(401),
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "InvalidSecurity",
            "NotSignedUp",
            "Unauthorized",
            "UnauthorizedAccess",
            "AuthFailure",
            "MissingSecurityHeader",
            "MissingAuthenticationToken",
            "AccessKeyDisabled",
            "XMinioInvalidIAMCredentials"),
    EXPIRED(
            "The temporary credentials have expired: renew them, or let Runnel find them where they are renewed (a role, a"
                    + " profile, web identity).",
            List.of(),
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidToken",
            "TokenRefreshRequired"),
    CLOCK(
            "Set this machine's clock (for example with NTP): it differs from the service's clock by more than the service"
                    + " accepts.",
            List.of(),
            "RequestTimeTooSkewed",
            "RequestExpired",
            "RequestInTheFuture"),
    ARCHIVED(
            "The object is in an archive tier: have the service restore it first, and exclude the replica's prefix from the"
                    + " lifecycle rule that archives objects.",
            List.of(),
            "InvalidObjectState",
            "ObjectNotInActiveTierError"),
    ACCOUNT(
            "The account is suspended, unpaid or closed at the service: resolve that with the provider.",
            List.of(402),
            "AllAccessDisabled",
            "AccountProblem",
            "AccountDisabled",
            "AccountSuspended",
            "UserSuspended",
            "InvalidPayer",
            "UserProjectAccountProblem",
            "UserProjectMissing"),
    QUOTA(
            "The bucket or the account is full, or has reached a cap: raise the quota, or remove what is not needed.",
            List.of(507),
            "QuotaExceeded",
            "XMinioAdminBucketQuotaExceeded",
            "XMinioStorageFull",
            "StorageQuotaExceeded",
            "InsufficientStorage",
            "InsufficientCapacity",
            "CapExceeded"),
    KEY_SERVICE(
            "Check sse-kms-key-id: the key must be enabled, in the bucket's region, and usable by this user.",
            List.of(),
            "KMSKeyDisabled",
            "KMSInvalidStateException",
            "InvalidKMSKey",
            "XMinioKMSKeyNotFound",
            "XMinioKMSNotConfigured"),
    LOCKED(
            "The object is under object lock or a retention policy and stays until that ends. No action needed, unless the"
                    + " lock is a mistake.",
            List.of(),
            "ObjectLocked",
            "RetentionPolicyNotMet",
            "ObjectUnderActiveHold",
            "FileImmutable",
            "InvalidRetentionPeriod"),
    BUCKET(
            "Create the bucket, or correct bucket and endpoint.",
            List.of(),
            "NoSuchBucket",
            "InvalidBucketName",
            "InvalidBucketState"),
    REGION(
            "Set region and endpoint to those of the bucket.",
            List.of(301, 307, 308),
            "PermanentRedirect",
            "TemporaryRedirect",
            "Redirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
            "InvalidLocationConstraint",
            "InvalidRegion",
            "InvalidRegionName"),
    CHANGED_ON_THE_WAY(
            "Something between Runnel and the service changes requests, or the service expects other checksums: check the proxy,"
                    + " then try sign-payload and require-content-md5.",
            List.of(411),
            "XAmzContentSHA256Mismatch",
            "BadDigest",
            "InvalidDigest",
            "MissingContentMD5",
            "MissingContentLength",
            "IncompleteBody",
            "XAmzContentChecksumMismatch"),
    SETTING(
            "Check storage-class, part-size, path and the sse keys: the service does not support one of these values.",
            List.of(413),
            "InvalidStorageClass",
            "EntityTooLarge",
            "EntityTooSmall",
            "InvalidPart",
            "InvalidPartOrder",
            "InvalidPartNumber",
            "TooManyParts",
            "KeyTooLongError",
            "KeyTooLong",
            "InvalidURI",
            "InvalidEncryptionAlgorithmError",
            "ServerSideEncryptionConfigurationNotFoundError",
            "InvalidSSECustomerKey"),
    UPLOAD_IS_GONE(
            "Another process or a lifecycle rule removed the unfinished upload; the object is uploaded again.",
            List.of(),
            "NoSuchUpload"),
    THROTTLED(
            "The service limits the request rate. Raise the limit there, or sync-interval here, if this does not end.",
            List.of(429),
            "SlowDown",
            "TooManyRequests",
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "RateLimitExceeded",
            "BandwidthLimitExceeded",
            "Throttling",
            "ThrottlingException",
            "ServiceUnavailable",
            "XMinioServerNotInitialized",
            "Busy"),
    PERMISSION(
            "Allow this user to list the bucket and to read, write and delete objects below the replica's path.",
            List.of(403),
            "AccessDenied",
            "AccessForbidden",
            "Forbidden",
            "UserProjectAccessDenied",
            "CrossLocationLoggingProhibited"),
    NOT_S3(
            "Check the endpoint: what is there does not support this request of the S3 protocol.",
            List.of(400, 404, 405, 501),
            "NotImplemented",
            "MethodNotAllowed",
            "InvalidRequest",
            "MalformedXML"),
    PROXY("Check the credentials of the proxy.", List.of(407)),
    SERVICE("The service has a fault of its own. Look at its status page if this does not end.", List.of());

    /** For a response that does not answer the request. */
    static final String NO_ANSWER =
            "Check that the endpoint is the S3 service itself and that no proxy answers in its place.";

    private static final int FIRST_SERVER_FAULT = 500;

    private final String nextStep;
    private final List<Integer> statuses;
    private final List<String> codes;

    S3Advice(String nextStep, List<Integer> statuses, String... codes) {
        this.nextStep = nextStep;
        this.statuses = statuses;
        this.codes = List.of(codes);
    }

    String nextStep() {
        return nextStep;
    }

    /**
     * The advice for a refusal.
     *
     * @param code of the service, or empty
     * @param message of the service, or empty
     */
    static S3Advice of(int status, String code, String message) {
        if (code.startsWith("KMS.")) {
            return KEY_SERVICE;
        }
        S3Advice found = ofCode(code).orElseGet(() -> ofStatus(status));
        return found == PERMISSION ? refined(message.toLowerCase(Locale.ROOT)) : found;
    }

    /** Services deny access for many reasons, and name some only in the message. */
    private static S3Advice refined(String message) {
        if (message.contains("kms:")) {
            return KEY_SERVICE;
        }
        if (message.contains("cap exceeded") || message.contains("quota")) {
            return QUOTA;
        }
        if (message.contains("object lock") || message.contains("worm")) {
            return LOCKED;
        }
        return message.contains("request has expired") ? CLOCK : PERMISSION;
    }

    private static Optional<S3Advice> ofCode(String code) {
        return Arrays.stream(values())
                .filter(advice -> advice.codes.contains(code))
                .findFirst();
    }

    private static S3Advice ofStatus(int status) {
        return Arrays.stream(values())
                .filter(advice -> advice.statuses.contains(status))
                .findFirst()
                .orElse(status < FIRST_SERVER_FAULT ? NOT_S3 : SERVICE);
    }

    /** The advice for a request that got no response, or none that answers it. */
    static String unanswered(SdkException fault) {
        if (S3Faults.isNoAnswer(fault)) {
            return NO_ANSWER;
        }
        if (isAbout(fault, UnknownHostException.class)) {
            return "Check the endpoint's name and the name server.";
        }
        if (isAbout(fault, SSLException.class)) {
            return "Check the certificate of the endpoint; name its authority in AWS_CA_BUNDLE, or use skip-verify for a test.";
        }
        if (isAbout(fault, ConnectException.class)) {
            return "Check that the service runs at the endpoint, and that no firewall is in between.";
        }
        if (isAbout(fault, SocketTimeoutException.class)) {
            return "Check the network and the load of the service.";
        }
        if (isWithoutCredentials(fault)) {
            return "Set access-key-id and secret-access-key, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this"
                    + " machine a role.";
        }
        return "Check that the endpoint is reachable.";
    }

    static boolean isWithoutCredentials(SdkException fault) {
        return String.valueOf(fault.getMessage()).startsWith("Unable to load credentials");
    }

    private static boolean isAbout(Throwable fault, Class<? extends Throwable> type) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
