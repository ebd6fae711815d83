using System.Reflection;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Latchkey.Custody;

/// <summary>Loads a PKCS#11 library and finds a token by its label.</summary>
internal static class Pkcs11Library
{
    private const int MostNamed = 8;
    private static readonly Lock Gate = new();
    private static bool _resolves;

    public static Pkcs11InteropFactories Factories { get; } = new();

    public static IPkcs11Library Load(string path)
    {
        ResolveLibdl();
        try
        {
            return Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, path, AppType.MultiThreaded);
        }
        catch (Exception e) when (e is Pkcs11Exception or UnmanagedException or DllNotFoundException)
        {
            throw new CustodyException(
                File.Exists(path)
                    ? $"The PKCS#11 library {path} cannot be loaded: it is no library of PKCS#11 for this machine."
                    : $"The PKCS#11 library {path} cannot be loaded: there is no such file. Install the software of the token's maker and name its library.",
                e) { IsForPeople = true };
        }
    }

    public static ISlot FindToken(IPkcs11Library library, Pkcs11Options options)
    {
        (ISlot Slot, string Label)[] tokens = [.. library.GetSlotList(SlotsType.WithTokenPresent).Select(slot => (slot, slot.GetTokenInfo().Label.Trim()))];
        if (tokens.FirstOrDefault(t => t.Label == options.TokenLabel).Slot is { } found) return found;
        string[] there = [.. tokens.Select(t => t.Label).Where(label => label.Length > 0).Take(MostNamed)];
        throw new CustodyException($"There is no token '{options.TokenLabel}' at {options.LibraryPath}: {(there.Length == 0 ? "it has none; put the token in, or initialise one" : "it has " + string.Join(", ", there) + "; name the right one")}.");
    }

    /// <summary>The wrapper asks for libdl, which newer systems have under its versioned name alone.</summary>
    private static void ResolveLibdl()
    {
        lock (Gate)
        {
            if (_resolves) return;
            _resolves = true;
            NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, Resolve);
        }
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? paths) =>
        name == "libdl" && NativeLibrary.TryLoad("libdl.so.2", out IntPtr handle) ? handle : IntPtr.Zero;
}
