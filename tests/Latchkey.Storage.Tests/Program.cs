using Latchkey.Storage.Tests.Vending;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Latchkey.Storage.Tests;

/// <summary>Runs the tests; or, told so by its environment, is the shop that one of them kills.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (await KilledShop.SellIfTold()) return 0;
        bool byPlatform = args.Any(arg => arg is "--server" or "--internal-msbuild-node");
        return byPlatform
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
