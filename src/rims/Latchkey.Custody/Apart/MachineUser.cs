using System.Globalization;
using System.Runtime.InteropServices;

namespace Latchkey.Custody.Apart;

/// <summary>A user of this machine, by number as the kernel knows it.</summary>
public static class MachineUser
{
    private static readonly Lock Gate = new();

    /// <summary>The user this process runs as.</summary>
    /// <exception cref="PlatformNotSupportedException">Elsewhere than on Linux.</exception>
    public static uint Own => SignerSocket.OwnUser;

    /// <summary>The number of a user by name, or of a number itself; null where this machine knows no such user.</summary>
    public static uint? Find(string nameOrNumber)
    {
        if (uint.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)) return number;
        if (!OperatingSystem.IsLinux() || nameOrNumber.Length == 0) return null;
        lock (Gate)
        {
            // Source: Linux, getpwnam(3): struct passwd { char *pw_name; char *pw_passwd; uid_t pw_uid; … }; the record is the library's own until the next call.
            IntPtr record = ByName(nameOrNumber);
            return record == IntPtr.Zero ? null : unchecked((uint)Marshal.ReadInt32(record, 2 * IntPtr.Size));
        }
    }

    /// <summary>For people: number and, where there is one, name.</summary>
    public static string Describe(uint user)
    {
        if (!OperatingSystem.IsLinux()) return user.ToString(CultureInfo.InvariantCulture);
        lock (Gate)
        {
            IntPtr record = ByNumber(user);
            string? name = record == IntPtr.Zero ? null : Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(record));
            return name is null ? string.Create(CultureInfo.InvariantCulture, $"user {user}") : string.Create(CultureInfo.InvariantCulture, $"user {name} ({user})");
        }
    }

    [DllImport("libc", EntryPoint = "getpwnam", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern IntPtr ByName([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "getpwuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern IntPtr ByNumber(uint user);
}
