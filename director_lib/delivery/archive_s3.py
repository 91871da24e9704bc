"""An S3 bucket as archive. Its keys come from the worker's environment or the machine's role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from director_lib.delivery.archive_place import PART_BYTES, Sent
from director_lib.errors import ConfigError, StorageError

_GONE = ("404", "NoSuchKey", "NotFound")


def open_s3(bucket: str, prefix: str) -> S3Place:
    """Open a bucket.

    Raises:
        ConfigError: The library for it is not installed.
    """
    try:
        import s3fs
    except ImportError as error:
        raise ConfigError(
            "An archive on S3 needs one more library: pip install director-workbench[s3]. "
            "Nothing was changed."
        ) from error
    files = s3fs.S3FileSystem(
        use_listings_cache=False, skip_instance_cache=True, default_block_size=PART_BYTES
    )
    return S3Place(files, bucket, prefix)


class S3Place:
    """A bucket; large files go there in parts, and parts that arrived are not sent again."""

    def __init__(self, files: Any, bucket: str, prefix: str) -> None:
        self._files = files
        self._bucket = bucket
        self._prefix = prefix

    @property
    def url(self) -> str:
        """Its address."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def check(self, *, is_known: bool) -> None:
        """Ask for the bucket."""
        with self._telling():
            self._call("head_bucket", Bucket=self._bucket)

    def find_size(self, name: str) -> int | None:
        """Return a file's size, or None."""
        from botocore.exceptions import ClientError

        with self._telling():
            try:
                return int(self._call("head_object", **self._at(name))["ContentLength"])
            except FileNotFoundError:
                return None
            except ClientError as error:
                if _code(error) in _GONE:
                    return None
                raise

    def put(self, name: str, source: Path, sent: Sent) -> None:
        """Send a file: at once when it is small, else in parts."""
        with self._telling(), source.open("rb") as file:
            size = source.stat().st_size
            if size <= PART_BYTES:
                self._call("put_object", **self._at(name), Body=file.read())
                sent(size)
                return
            upload_id, arrived = self._find_upload(name)
            parts = []
            for number in range(1, -(-size // PART_BYTES) + 1):
                length = min(PART_BYTES, size - (number - 1) * PART_BYTES)
                tag = arrived.get((number, length))
                if tag is None:
                    file.seek((number - 1) * PART_BYTES)
                    part = {"UploadId": upload_id, "PartNumber": number, "Body": file.read(length)}
                    tag = self._call("upload_part", **self._at(name), **part)["ETag"]
                parts.append({"PartNumber": number, "ETag": tag})
                sent(min(size, number * PART_BYTES))
            whole = {"UploadId": upload_id, "MultipartUpload": {"Parts": parts}}
            self._call("complete_multipart_upload", **self._at(name), **whole)

    def read(self, name: str, offset: int = 0) -> Iterator[bytes]:
        """Read a file, part by part."""
        size = self.find_size(name)
        if size is None:
            raise StorageError(f"{name} is not in the archive {self.url}. Nothing was changed here.")
        path = f"{self._bucket}/{self._key(name)}"
        for start in range(offset, size, PART_BYTES):
            with self._telling():
                chunk = self._files.cat_file(path, start=start, end=min(size, start + PART_BYTES))
            yield chunk

    def remove(self, name: str) -> None:
        """Remove a file."""
        with self._telling():
            self._call("delete_object", **self._at(name))

    def close(self) -> None:
        """Leave the connections to the library, which ends them with the process."""

    def _find_upload(self, name: str) -> tuple[str, dict[tuple[int, int], str]]:
        """Return the upload that an earlier try began, with the parts that arrived; else begin one."""
        key = self._key(name)
        begun = self._call("list_multipart_uploads", Bucket=self._bucket, Prefix=key).get("Uploads") or []
        for upload in begun:
            if upload["Key"] == key:
                upload_id = str(upload["UploadId"])
                return upload_id, self._arrived(name, upload_id)
        return str(self._call("create_multipart_upload", **self._at(name))["UploadId"]), {}

    def _arrived(self, name: str, upload_id: str) -> dict[tuple[int, int], str]:
        found: dict[tuple[int, int], str] = {}
        marker = 0
        while True:
            page = self._call("list_parts", **self._at(name), UploadId=upload_id, PartNumberMarker=marker)
            for part in page.get("Parts") or []:
                found[int(part["PartNumber"]), int(part["Size"])] = str(part["ETag"])
            if not page.get("IsTruncated"):
                return found
            marker = int(page["NextPartNumberMarker"])

    def _call(self, method: str, **arguments: Any) -> Any:
        return self._files.call_s3(method, **arguments)

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._key(name)}

    def _key(self, name: str) -> str:
        return f"{self._prefix}/{name}" if self._prefix else name

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn the library's errors into ours; what they say holds no key."""
        from aiohttp import ClientError as ConnectionFault
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            raise StorageError(self._refusal(_code(error) or "refused")) from error
        except (BotoCoreError, ConnectionFault, OSError, TimeoutError) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise StorageError(self._refusal(why)) from error

    def _refusal(self, why: str) -> str:
        return (
            f"The archive {self.url} refused ({why}). Nothing was removed here; the next try goes on where "
            "this one ended. Check the bucket, and the keys in the worker's environment."
        )


def _code(error: Any) -> str:
    """Return the other side's own word for a refusal."""
    return str(error.response.get("Error", {}).get("Code", ""))
