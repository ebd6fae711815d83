using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Latchkey.Custody.Apart;

/// <summary>The place on this machine where signer and seller meet, and who may come there.</summary>
internal static class SignerSocket
{
    // Source: Linux, unix(7): SO_PEERCRED answers struct ucred { pid, uid, gid }, as the kernel saw the peer when it connected.
    private const int SocketLevel = 1, PeerCredentialsOption = 17, CredentialsLength = 12, UserOffset = 4;
    private const int LongestPath = 100;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The user this process runs as.</summary>
    public static uint OwnUser => OperatingSystem.IsLinux() ? EffectiveUser() : throw new PlatformNotSupportedException("A signer in its own process needs Linux.");

    /// <summary>Listens at the path. A socket that nobody answers any more is replaced; one that somebody answers is not.</summary>
    /// <exception cref="CustodyException">Another signer listens there, or others may write into the directory.</exception>
    public static Socket Listen(string path)
    {
        if (!OperatingSystem.IsLinux()) throw new CustodyException("A signer in its own process needs Linux: it knows its clients by the kernel's word.");
        RequirePlace(path);
        if (File.Exists(path) && new FileInfo(path).Length > 0) throw new CustodyException($"{path} is a file with content, not a socket.");
        if (File.Exists(path) && Answers(path)) throw new CustodyException($"Another signer listens at {path}.");
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));

            // Who may open it is for the directory's mode to say, and who may speak for the peer's user.
            File.SetUnixFileMode(path, Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            socket.Listen();
            return socket;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new CustodyException($"Nothing can listen at {path}: {e.Message}", e);
        }
    }

    public static async Task<Socket> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The user of the process at the other end, by the kernel's word; null where the kernel does not say.</summary>
    public static uint? PeerUser(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> credentials = stackalloc byte[CredentialsLength];
        int length = socket.GetRawSocketOption(SocketLevel, PeerCredentialsOption, credentials);
        if (length != CredentialsLength) return null;
        ReadOnlySpan<byte> user = credentials[UserOffset..];
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(user) : BinaryPrimitives.ReadUInt32BigEndian(user);
    }

    [SupportedOSPlatform("linux")]
    private static void RequirePlace(string path)
    {
        if (path.Length > LongestPath) throw new CustodyException($"The path of a socket has at most {LongestPath} characters.");
        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            Directory.CreateDirectory(directory, Owner | UnixFileMode.UserExecute);
            if ((File.GetUnixFileMode(directory) & UnixFileMode.OtherWrite) != UnixFileMode.None)
                throw new CustodyException($"Anybody may write into {directory}; give the socket a directory of its own.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CustodyException($"The directory of the socket cannot be used: {e.Message}", e);
        }
    }

    private static bool Answers(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
