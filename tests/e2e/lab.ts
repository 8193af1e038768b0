// The conflict lab as a person sees it, by names.
import type { Locator, Page } from '@playwright/test';
import { expect, type Device } from './fixtures';

export type Who = 'Laptop' | 'Phone';

export class Lab {
  readonly page: Page;

  constructor(device: Device) {
    this.page = device.page;
  }

  /** From the inbox, as people find it. */
  async open(): Promise<void> {
    // On a phone the link is in the drawer.
    const link = this.page.getByRole('link', { name: 'About sync' });
    if (!(await link.first().isVisible())) await this.page.getByRole('button', { name: 'Browse' }).click();
    await link.first().click();
    await this.page.getByRole('link', { name: 'Open the conflict lab' }).click();
    await expect(this.button('Both rename')).toBeVisible();
  }

  device(who: Who): Locator {
    return this.page.getByRole('region', { name: who, exact: true });
  }

  rows(who: Who): Locator {
    return this.device(who).getByRole('list', { name: `Tasks on ${who}` }).getByRole('listitem');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  get story(): Locator {
    return this.page.getByRole('main').locator('.lab-story').getByRole('status');
  }

  /** Plays a scenario at double speed, up to the end. */
  async play(scenario: string, end: RegExp | string): Promise<void> {
    await this.page.getByRole('button', { name: /^Speed/ }).click();
    await this.page.getByRole('button', { name: /^Speed/ }).click();
    await this.button(scenario).click();
    await expect(this.story).toContainText(end, { timeout: 15_000 });
  }
}
