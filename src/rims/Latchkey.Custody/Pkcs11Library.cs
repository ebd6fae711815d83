using System.Reflection;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Latchkey.Custody;

/// <summary>Loads a PKCS#11 library and finds a token by its label.</summary>
internal static class Pkcs11Library
{
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
            throw new CustodyException("The PKCS#11 library cannot be loaded.", e);
        }
    }

    public static ISlot FindToken(IPkcs11Library library, string label) =>
        library.GetSlotList(SlotsType.WithTokenPresent).FirstOrDefault(slot => slot.GetTokenInfo().Label.Trim() == label)
        ?? throw new CustodyException($"There is no token '{label}'.");

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
