/* Preloaded into a process, it logs what the process has written to disk and when it asked for it to be kept, in order.
 *
 * The log (POWERCUT_LOG) has a record for each call that concerns a file below a folder (POWERCUT_FOLDER):
 * kind, process, number of the file, offset, length, as in the struct below; behind it the path that was opened, or the
 * octets that were written. All of it is in the order in which it was done, also between processes.
 * Octets sent over a socket are records too, since a mail that has left is known to others.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 'O', WRITE = 'W', SYNC = 'S', TRUNCATE = 'T', UNLINK = 'U', SEND = 'N' };
enum { FILES = 4096 };

struct record {
    uint32_t kind, process, file, unused;
    uint64_t offset, length;
};

static char known[FILES];
static int log_file = -1;
static const char *folder;

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static void note(uint32_t kind, int file, uint64_t offset, const void *data, size_t length)
{
    struct record record = {kind, (uint32_t)getpid(), (uint32_t)file, 0, offset, length};
    struct iovec parts[] = {{&record, sizeof record}, {(void *)data, data ? length : 0}};
    if (writev(log_file, parts, 2) != (ssize_t)(sizeof record + parts[1].iov_len)) abort();
}

static int begin(void)
{
    REAL(int, "open64", const char *, int, ...);
    if (log_file < 0 && getenv("POWERCUT_LOG")) {
        folder = getenv("POWERCUT_FOLDER");
        log_file = real(getenv("POWERCUT_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
    return log_file >= 0;
}

static int opened(int file, const char *path)
{
    if (file < 0 || file >= FILES || !begin()) return file;
    known[file] = !strncmp(path, folder, strlen(folder));
    if (known[file]) note(OPEN, file, 0, path, strlen(path));
    return file;
}

#define OPENS(name) \
    int name(const char *path, int flags, ...) \
    { \
        REAL(int, #name, const char *, int, ...); \
        va_list more; \
        va_start(more, flags); \
        int mode = va_arg(more, int); \
        va_end(more); \
        return opened(real(path, flags, mode), path); \
    }
OPENS(open)
OPENS(open64)

static ssize_t wrote(int file, uint64_t offset, const void *data, ssize_t length)
{
    if (length > 0 && file < FILES && known[file]) note(WRITE, file, offset, data, (size_t)length);
    return length;
}

ssize_t write(int file, const void *data, size_t length)
{
    REAL(ssize_t, "write", int, const void *, size_t);
    off64_t end = file >= 0 && file < FILES && known[file] ? lseek64(file, 0, SEEK_CUR) : 0;
    int flags = file >= 0 && file < FILES && known[file] ? fcntl(file, F_GETFL) : 0;
    if (flags & O_APPEND) end = lseek64(file, 0, SEEK_END);
    return wrote(file, (uint64_t)end, data, real(file, data, length));
}

#define PWRITES(name, type) \
    ssize_t name(int file, const void *data, size_t length, type offset) \
    { \
        REAL(ssize_t, #name, int, const void *, size_t, type); \
        return wrote(file, (uint64_t)offset, data, real(file, data, length, offset)); \
    }
PWRITES(pwrite, off_t)
PWRITES(pwrite64, off64_t)

#define SYNCS(name) \
    int name(int file) \
    { \
        REAL(int, #name, int); \
        int result = real(file); \
        if (!result && file < FILES && known[file]) note(SYNC, file, 0, NULL, 0); \
        return result; \
    }
SYNCS(fsync)
SYNCS(fdatasync)

#define TRUNCATES(name, type) \
    int name(int file, type length) \
    { \
        REAL(int, #name, int, type); \
        int result = real(file, length); \
        if (!result && file < FILES && known[file]) note(TRUNCATE, file, (uint64_t)length, NULL, 0); \
        return result; \
    }
TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

int unlink(const char *path)
{
    REAL(int, "unlink", const char *);
    int result = real(path);
    if (!result && begin() && !strncmp(path, folder, strlen(folder))) note(UNLINK, 0, 0, path, strlen(path));
    return result;
}

ssize_t send(int file, const void *data, size_t length, int flags)
{
    REAL(ssize_t, "send", int, const void *, size_t, int);
    if (begin()) note(SEND, file, 0, data, length); /* before it can be received */
    return real(file, data, length, flags);
}
